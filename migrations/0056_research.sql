-- +goose Up
-- What an agency is asked about one case of one meeting: who it is about, under the key of the agency that is
-- asked, and what it has found so far. Nothing of that has left.
CREATE TABLE marac_ask (
  agency_id    text      NOT NULL, -- which is asked
  id           text      NOT NULL,
  marac_id     text      NOT NULL, -- which asks
  meeting_id   text      NOT NULL,
  case_id      text      NOT NULL,
  number       text      NOT NULL, -- of the case, as people call it; names nobody
  urgent       boolean   NOT NULL,
  people       bigint    NOT NULL, -- how many it names
  due_at       timestamp NOT NULL,
  close_at     timestamp NOT NULL, -- from when it is not there any more
  state        text      NOT NULL, -- open, withdrawn
  holder       text      NOT NULL, -- the colleague whom the line was handed to; empty for none
  asked_at     timestamp NOT NULL,
  asked_by     text      NOT NULL,
  looked_at    timestamp,          -- when somebody first saw the names
  looked_by    text      NOT NULL,
  draft        text      NOT NULL, -- known, nothing, cannot; empty while nobody has decided
  drafted_at   timestamp,
  drafted_by   text      NOT NULL,
  file_id      text      NOT NULL, -- the agency's own file that it was found in; empty for none
  answer       text      NOT NULL, -- what was released last: known, nothing, cannot; empty while nothing was
  return_id    text      NOT NULL, -- by which return
  answered_at  timestamp,
  who_sealed   bytea     NOT NULL, -- sealed: JSON: the identities
  draft_sealed bytea     NOT NULL, -- sealed: JSON: what was found so far
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (id),
  UNIQUE (agency_id, marac_id, meeting_id, case_id)
);
CREATE INDEX marac_ask_meeting ON marac_ask (marac_id, meeting_id, agency_id, case_id);
CREATE INDEX marac_ask_case ON marac_ask (marac_id, case_id, agency_id);
CREATE INDEX marac_ask_open ON marac_ask (agency_id, close_at, meeting_id, number);
CREATE INDEX marac_ask_holder ON marac_ask (agency_id, holder) WHERE holder <> '';
CREATE INDEX marac_ask_file ON marac_ask (agency_id, file_id) WHERE file_id <> '';

-- By which those of the agency who are tied to somebody of a case are shut out of it.
CREATE TABLE marac_ask_mark (
  agency_id text NOT NULL,
  ask_id    text NOT NULL,
  kind      text NOT NULL,
  mark      text NOT NULL,
  PRIMARY KEY (agency_id, ask_id, mark, kind),
  FOREIGN KEY (agency_id, ask_id) REFERENCES marac_ask (agency_id, id)
);

-- What a person decided about a proposal: the same person, or somebody else.
CREATE TABLE marac_ask_match (
  agency_id  text      NOT NULL,
  ask_id     text      NOT NULL,
  nth        bigint    NOT NULL, -- which of the identities, from 0
  person_id  text      NOT NULL, -- of the agency that is asked
  file_id    text      NOT NULL,
  same       boolean   NOT NULL,
  decided_at timestamp NOT NULL,
  decided_by text      NOT NULL,
  PRIMARY KEY (agency_id, ask_id, nth, person_id, file_id),
  FOREIGN KEY (agency_id, ask_id) REFERENCES marac_ask (agency_id, id)
);
CREATE INDEX marac_ask_match_file ON marac_ask_match (agency_id, file_id);

-- A return to a meeting, which never changes: one that puts it right points back to it.
CREATE TABLE marac_return (
  agency_id     text      NOT NULL, -- which sent it
  id            text      NOT NULL,
  ask_id        text      NOT NULL,
  release_id    text      NOT NULL, -- several leave at once
  marac_id      text      NOT NULL,
  meeting_id    text      NOT NULL,
  case_id       text      NOT NULL,
  answer        text      NOT NULL, -- known, nothing, cannot
  file_id       text      NOT NULL, -- of the sender; empty for none
  corrects      text      NOT NULL, -- the return that it puts right; empty for none
  basis         text      NOT NULL, -- in law; empty where nothing was known
  agreement     text      NOT NULL, -- the versions that were between the two, or none
  held          boolean   NOT NULL, -- it left against an agreement, or without one: the key contact looks at it
  acted_now     boolean   NOT NULL,
  released_at   timestamp NOT NULL,
  released_by   text      NOT NULL,
  reviewed_at   timestamp,
  reviewed_by   text      NOT NULL,
  verdict       text      NOT NULL, -- stands, not_again
  review_sealed bytea     NOT NULL, -- sealed: what the key contact wrote
  PRIMARY KEY (agency_id, id),
  UNIQUE (id)
);
CREATE UNIQUE INDEX marac_return_corrects ON marac_return (agency_id, corrects) WHERE corrects <> '';
CREATE INDEX marac_return_case ON marac_return (marac_id, case_id, id);
CREATE INDEX marac_return_ask ON marac_return (agency_id, ask_id, id);
CREATE INDEX marac_return_file ON marac_return (agency_id, file_id, id) WHERE file_id <> '';
CREATE INDEX marac_return_held ON marac_return (agency_id, id) WHERE held AND reviewed_at IS NULL;

-- What it says: once under the key of the agency that sent it, and once under that of the MARAC.
CREATE TABLE marac_return_copy (
  agency_id    text  NOT NULL, -- whose copy it is
  return_id    text  NOT NULL,
  words_sealed bytea NOT NULL, -- sealed: JSON
  PRIMARY KEY (agency_id, return_id)
);

-- That a file is of somebody on the list of a MARAC, for twelve months. The row stays when they are over.
CREATE TABLE marac_flag (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  marac_id    text      NOT NULL,
  return_id   text      NOT NULL,
  since_on    text      NOT NULL, -- YYYY-MM-DD
  until_on    text      NOT NULL, -- YYYY-MM-DD: the last day
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX marac_flag_file ON marac_flag (agency_id, file_id, until_on, id);

-- That the coordinator asked an agency again.
CREATE TABLE marac_chase (
  agency_id  text      NOT NULL, -- which was asked
  id         text      NOT NULL,
  marac_id   text      NOT NULL,
  meeting_id text      NOT NULL,
  made_at    timestamp NOT NULL,
  made_by    text      NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX marac_chase_meeting ON marac_chase (marac_id, meeting_id, agency_id, id);
