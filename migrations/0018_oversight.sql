-- +goose Up
-- The ledger by worker within an agency, and its refusals.
DROP INDEX ledger_entry_actor;
CREATE INDEX ledger_entry_actor ON ledger_entry (agency, actor, seq);
CREATE INDEX ledger_entry_refused ON ledger_entry (agency, outcome, seq) WHERE outcome = 'refused';

-- How far the ledger was looked through for unusual reading; no row: not yet.
CREATE TABLE oversight_place (
  id  bigint NOT NULL PRIMARY KEY,
  seq bigint NOT NULL, -- the first entry not looked at
  at  timestamp NOT NULL
);

-- What a worker's day left in the ledger, and where it lies there.
CREATE TABLE worker_day (
  agency_id  text   NOT NULL,
  account_id text   NOT NULL,
  on_day     text   NOT NULL, -- YYYY-MM-DD
  first_seq  bigint NOT NULL,
  last_seq   bigint NOT NULL,
  entries    bigint NOT NULL,
  refused    bigint NOT NULL,
  PRIMARY KEY (agency_id, account_id, on_day)
);

-- The files a worker opened in an hour, and by which way.
CREATE TABLE opened_file (
  agency_id  text   NOT NULL,
  account_id text   NOT NULL,
  on_hour    text   NOT NULL, -- YYYY-MM-DDTHH
  file_id    text   NOT NULL,
  way        text   NOT NULL, -- involved, supervision, emergency
  times      bigint NOT NULL,
  PRIMARY KEY (agency_id, account_id, on_hour, file_id)
);
CREATE INDEX opened_file_file ON opened_file (agency_id, file_id, account_id);

-- Unusual reading, for a key contact to look at. It says what was seen and
-- accuses nobody.
CREATE TABLE finding (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  kind       text      NOT NULL,
  account_id text      NOT NULL,
  period     text      NOT NULL, -- the hour, the day or the file it is about
  turn       bigint    NOT NULL, -- 1; more when there was more after it was settled
  detail     text      NOT NULL, -- a code: the second fact, or how they are tied
  threshold  bigint    NOT NULL,
  found_at   timestamp NOT NULL,
  settled_at timestamp,
  settled_by text      NOT NULL,
  verdict    text      NOT NULL, -- explained, follow_up
  words      bytea     NOT NULL, -- sealed
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, kind, account_id, period, turn)
);
CREATE INDEX finding_open ON finding (agency_id, id) WHERE settled_at IS NULL;

CREATE TABLE finding_file (
  agency_id  text   NOT NULL,
  finding_id text   NOT NULL,
  file_id    text   NOT NULL,
  times      bigint NOT NULL,
  PRIMARY KEY (agency_id, finding_id, file_id),
  FOREIGN KEY (agency_id, finding_id) REFERENCES finding (agency_id, id)
);
CREATE INDEX finding_file_file ON finding_file (agency_id, file_id);

-- What an agency decided about oversight; without a row the defaults hold.
CREATE TABLE oversight_setting (
  agency_id    text      NOT NULL PRIMARY KEY,
  many_files   bigint    NOT NULL,
  supervised   bigint    NOT NULL,
  worker_names boolean   NOT NULL, -- on the report a person is given
  decided_by   text      NOT NULL,
  decided_at   timestamp NOT NULL
);

-- A person's own report: how they said it may be given, and who was there.
CREATE TABLE person_report (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  file_id    text      NOT NULL,
  way        text      NOT NULL, -- nothing, read_out, on_paper
  words      bytea     NOT NULL, -- sealed: what the person said
  present    bytea     NOT NULL, -- sealed: who was there
  up_to      bigint    NOT NULL, -- entries of the ledger before this one
  asked_at   timestamp NOT NULL,
  asked_by   text      NOT NULL,
  printed_at timestamp,
  printed_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX person_report_file ON person_report (agency_id, file_id, id);
