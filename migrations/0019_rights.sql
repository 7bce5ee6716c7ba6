-- +goose Up
-- When what a file held was destroyed. The row stays: its number is never
-- given again, and what other agencies hold of their own points at it.
ALTER TABLE file ADD COLUMN destroyed_at timestamp;
CREATE INDEX file_closed ON file (agency_id, closed_at, id);
CREATE INDEX fact_file ON fact (agency_id, file_id);

-- A person's request to see what is on record, from the talk about whether
-- that is safe to the copy that was given.
CREATE TABLE subject_access (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  file_id      text      NOT NULL,
  request_id   text      NOT NULL, -- the request in the person's name that it answers
  state        text      NOT NULL, -- asked, preparing, waiting, released, ended
  pressed      text      NOT NULL, -- is somebody making them ask: yes, no, not_known; empty before the talk
  holding      text      NOT NULL, -- is it safe to hold a copy: yes, no, not_known
  seen_by      bytea     NOT NULL, -- sealed: who else will see it
  talk         bytea     NOT NULL, -- sealed: what was said
  talked_at    timestamp,
  talked_by    text      NOT NULL,
  due_on       text      NOT NULL, -- YYYY-MM-DD
  collected_at timestamp,
  submitted_at timestamp,
  submitted_by text      NOT NULL,
  returned     bytea     NOT NULL, -- sealed: what the second person wants looked at again
  released_at  timestamp,
  released_by  text      NOT NULL,
  given        text      NOT NULL, -- how: read_here, handed
  mark         text      NOT NULL, -- what stands on the copy
  ended_why    bytea     NOT NULL, -- sealed
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, request_id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX subject_access_file ON subject_access (agency_id, file_id, id);

-- Who had a hand in the preparing; none of them releases the copy.
CREATE TABLE subject_access_hand (
  agency_id  text NOT NULL,
  access_id  text NOT NULL,
  account_id text NOT NULL,
  PRIMARY KEY (agency_id, access_id, account_id),
  FOREIGN KEY (agency_id, access_id) REFERENCES subject_access (agency_id, id)
);

-- The working copy: what was on record when it was collected, and what was
-- decided about each piece.
CREATE TABLE subject_access_item (
  agency_id   text      NOT NULL,
  access_id   text      NOT NULL,
  seq         bigint    NOT NULL,
  part        text      NOT NULL, -- which capability keeps it
  ref         text      NOT NULL,
  source      text      NOT NULL, -- another agency's id when it was received
  compartment text      NOT NULL, -- who may read it is decided there, or empty
  tags        text      NOT NULL, -- codes of what was proposed to be looked at, one space between them
  happened_on text      NOT NULL,
  content     bytea     NOT NULL, -- sealed: title, lines and whom it is about, JSON
  decision    text      NOT NULL, -- undecided, give, part, withhold
  reason      text      NOT NULL,
  note        bytea     NOT NULL, -- sealed: the reason in words, for the working copy
  cuts        bytea     NOT NULL, -- sealed: the passages that are left out, JSON
  decided_by  text      NOT NULL,
  decided_at  timestamp,
  PRIMARY KEY (agency_id, access_id, seq),
  FOREIGN KEY (agency_id, access_id) REFERENCES subject_access (agency_id, id)
);

-- For how long an agency keeps files of a kind after they were closed. An
-- agency without one for a kind destroys none of that kind.
CREATE TABLE retention_schedule (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  kind       text      NOT NULL,
  months     bigint    NOT NULL,
  authority  text      NOT NULL, -- on what it rests: a code, a policy, a decision
  decided_by text      NOT NULL,
  decided_at timestamp NOT NULL,
  ended_at   timestamp,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX retention_schedule_kind ON retention_schedule (agency_id, kind, ended_at);

-- While a hold is not lifted nothing of the file is destroyed or erased.
CREATE TABLE legal_hold (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  file_id    text      NOT NULL,
  reason     text      NOT NULL, -- inquiry, death_review, proceedings, complaint, other
  words      bytea     NOT NULL, -- sealed
  set_at     timestamp NOT NULL,
  set_by     text      NOT NULL,
  lifted_at  timestamp,
  lifted_by  text      NOT NULL,
  lifted_why bytea     NOT NULL, -- sealed
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX legal_hold_file ON legal_hold (agency_id, file_id, id);

-- The review before a destruction, and the certificate after it. It says
-- nothing about anybody the file was about.
CREATE TABLE destruction (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  file_id      text      NOT NULL,
  number       bigint    NOT NULL,
  kind         text      NOT NULL, -- of the file, as the schedule counts it
  schedule_id  text      NOT NULL,
  months       bigint    NOT NULL,
  authority    text      NOT NULL,
  verdict      text      NOT NULL, -- destroy, keep
  why          bytea     NOT NULL, -- sealed; emptied when the file is destroyed
  keep_until   text      NOT NULL, -- YYYY-MM-DD when it is kept longer
  reviewed_at  timestamp NOT NULL,
  reviewed_by  text      NOT NULL,
  destroyed_at timestamp,
  destroyed_by text      NOT NULL,
  counts       text      NOT NULL, -- rows by kind, JSON
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX destruction_file ON destruction (agency_id, file_id, id);
CREATE INDEX destruction_done ON destruction (agency_id, destroyed_at, id);

-- What a person says is wrong, or should not be there, and what was decided.
CREATE TABLE correction (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  file_id    text      NOT NULL,
  request_id text      NOT NULL, -- the request in the person's name, or empty: noticed at work
  kind       text      NOT NULL, -- correct, erase
  part       text      NOT NULL,
  ref        text      NOT NULL,
  asked      bytea     NOT NULL, -- sealed: what is wrong with it
  asked_at   timestamp NOT NULL,
  asked_by   text      NOT NULL,
  state      text      NOT NULL, -- asked, agreed, refused
  reason     bytea     NOT NULL, -- sealed
  decided_at timestamp,
  decided_by text      NOT NULL,
  version    bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX correction_file ON correction (agency_id, file_id, id);
