-- +goose Up
-- The words of people's names, by which they are found. They are bytes, so that
-- both engines put them into one order and a beginning is a range of it.
CREATE TABLE person_word (
  agency_id text  NOT NULL,
  person_id text  NOT NULL,
  word      bytea NOT NULL, -- plain: search needs it
  PRIMARY KEY (agency_id, person_id, word),
  FOREIGN KEY (agency_id, person_id) REFERENCES person (agency_id, id)
);
CREATE INDEX person_word_word ON person_word (agency_id, word, person_id);
CREATE INDEX person_born ON person (agency_id, born, id);

-- Whether somebody's words and keys are written: an older binary wrote none, and
-- the next start writes those that wait.
ALTER TABLE person ADD COLUMN keyed bigint NOT NULL DEFAULT 0;
CREATE INDEX person_unkeyed ON person (agency_id, id) WHERE keyed = 0;

-- From somebody who was found to the cases they are in. These hold all that is
-- asked for: without it the engine that keeps no figures of its tables would
-- rather go through another index whole.
CREATE INDEX party_found ON party (agency_id, person_id, file_id, role);
CREATE INDEX person_mark_found ON person_mark (agency_id, mark, person_id);
