-- +goose Up
-- A meeting of a MARAC as it is held, and its minutes while they are written (ADR 0026).
CREATE TABLE marac_run (
  agency_id   text      NOT NULL,
  meeting_id  text      NOT NULL,
  begun_at    timestamp,          -- NULL until it begins: minutes may be written before
  begun_by    text      NOT NULL,
  ended_at    timestamp,
  ended_by    text      NOT NULL,
  on_case     text      NOT NULL, -- the case that is open to the room; empty for none
  change      bigint    NOT NULL, -- counts what is saved and what changes in the room
  approved_at timestamp,          -- from when its minutes are frozen
  approved_by text      NOT NULL,
  PRIMARY KEY (agency_id, meeting_id),
  FOREIGN KEY (agency_id, meeting_id) REFERENCES marac_meeting (agency_id, id)
);

-- A case as it was heard at a meeting.
CREATE TABLE marac_hearing (
  agency_id  text      NOT NULL,
  meeting_id text      NOT NULL,
  case_id    text      NOT NULL,
  seconds    bigint    NOT NULL, -- that it was on the table, until it was last put aside
  since      timestamp,          -- since when it is on the table; NULL while it is not
  idva       text      NOT NULL, -- as in marac_case; empty until it is said
  views      text      NOT NULL, -- put_idva, put_other, read_out, not_reached, did_not_want; empty until it is said
  decision   text      NOT NULL, -- keep, refer_on, transfer, closed; empty until it is decided
  heard_at   timestamp,
  heard_by   text      NOT NULL,
  version    bigint    NOT NULL,
  PRIMARY KEY (agency_id, meeting_id, case_id),
  FOREIGN KEY (agency_id, case_id) REFERENCES marac_case (agency_id, id)
);
CREATE INDEX marac_hearing_case ON marac_hearing (agency_id, case_id);

-- A section of the minutes as it stands. The case is empty where it is of the meeting as a whole.
CREATE TABLE marac_section (
  agency_id   text      NOT NULL,
  meeting_id  text      NOT NULL,
  case_id     text      NOT NULL,
  section     text      NOT NULL,
  version     bigint    NOT NULL,
  change      bigint    NOT NULL, -- the change of the meeting with which it became so
  apart       bigint    NOT NULL, -- how many texts are kept beside it that nobody settled
  text_sealed bytea     NOT NULL, -- sealed
  saved_at    timestamp NOT NULL,
  saved_by    text      NOT NULL,
  PRIMARY KEY (agency_id, meeting_id, case_id, section)
);
CREATE INDEX marac_section_case ON marac_section (agency_id, case_id);

-- Everything that was ever saved of it.
CREATE TABLE marac_section_version (
  agency_id    text      NOT NULL,
  meeting_id   text      NOT NULL,
  case_id      text      NOT NULL,
  section      text      NOT NULL,
  version      bigint    NOT NULL,
  base         bigint    NOT NULL, -- the version that was typed upon
  own          boolean   NOT NULL, -- it was typed upon what its writer had typed in that version
  state        text      NOT NULL, -- typed, merged, apart
  settled      bigint    NOT NULL, -- of one kept apart: the version that settled it; 0 while none did
  mark         text      NOT NULL, -- by which the page that typed it knows it again; empty for none
  typed_sealed bytea     NOT NULL, -- sealed: what was typed
  text_sealed  bytea     NOT NULL, -- sealed: what the section said from then on
  saved_at     timestamp NOT NULL,
  saved_by     text      NOT NULL,
  PRIMARY KEY (agency_id, meeting_id, case_id, section, version)
);
CREATE INDEX marac_section_version_case ON marac_section_version (agency_id, case_id);
CREATE UNIQUE INDEX marac_section_version_mark ON marac_section_version (agency_id, meeting_id, case_id, section, mark) WHERE mark <> '';

-- Who has minutes open that are being written, which is in the ledger; and where they write.
CREATE TABLE marac_minutes_open (
  agency_id  text      NOT NULL,
  meeting_id text      NOT NULL,
  case_id    text      NOT NULL,
  account_id text      NOT NULL,
  opened_at  timestamp NOT NULL,
  section    text      NOT NULL, -- empty until they write
  wrote_at   timestamp,
  PRIMARY KEY (agency_id, meeting_id, case_id, account_id)
);
CREATE INDEX marac_minutes_open_case ON marac_minutes_open (agency_id, case_id);

-- Minutes as they were approved: the meeting as a whole under an empty case, and each case by itself.
CREATE TABLE marac_minute (
  agency_id  text  NOT NULL,
  meeting_id text  NOT NULL,
  case_id    text  NOT NULL,
  doc_sealed bytea NOT NULL, -- sealed: JSON
  PRIMARY KEY (agency_id, meeting_id, case_id)
);
CREATE INDEX marac_minute_case ON marac_minute (agency_id, case_id);

-- What was wrong in them, said afterwards.
CREATE TABLE marac_addendum (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  meeting_id  text      NOT NULL,
  case_id     text      NOT NULL,
  section     text      NOT NULL, -- what it is about; those who are not given that section are not given it either
  text_sealed bytea     NOT NULL, -- sealed
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX marac_addendum_meeting ON marac_addendum (agency_id, meeting_id, id);
CREATE INDEX marac_addendum_case ON marac_addendum (agency_id, case_id);
