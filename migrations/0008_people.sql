-- +goose Up
-- A person as one agency knows them.
CREATE TABLE person (
  agency_id      text      NOT NULL,
  id             text      NOT NULL,
  given_name     text      NOT NULL,
  family_name    text      NOT NULL,
  known_as       text      NOT NULL,
  born           text      NOT NULL, -- YYYY-MM-DD, YYYY-MM, YYYY or empty
  gender         text      NOT NULL, -- in the person's own words, never inferred
  language       text      NOT NULL,
  access_needs   text      NOT NULL,
  contact_state  text      NOT NULL,
  contact_check  text      NOT NULL, -- the day it was last checked, or empty
  name_key       text      NOT NULL, -- for ordering and searching
  created_at     timestamp NOT NULL,
  version        bigint    NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX person_name ON person (agency_id, name_key, id);

-- One row for each way of reaching a person that was spoken about. What is not
-- here is unsafe. Sealed columns are readable with the agency's key only.
CREATE TABLE safe_contact (
  agency_id  text      NOT NULL,
  person_id  text      NOT NULL,
  channel    text      NOT NULL,
  allowed    text      NOT NULL,
  detail     bytea     NOT NULL, -- sealed: the number or address
  conditions bytea     NOT NULL, -- sealed: when, how, under which name
  checked_on text      NOT NULL,
  checked_by text      NOT NULL,
  PRIMARY KEY (agency_id, person_id, channel),
  FOREIGN KEY (agency_id, person_id) REFERENCES person (agency_id, id)
);

CREATE TABLE contact_note (
  agency_id     text    NOT NULL,
  person_id     text    NOT NULL,
  code_word     bytea   NOT NULL, -- sealed
  never_speak   bytea   NOT NULL, -- sealed: people who must not be spoken to
  they_contact  boolean NOT NULL, -- they will contact us
  PRIMARY KEY (agency_id, person_id),
  FOREIGN KEY (agency_id, person_id) REFERENCES person (agency_id, id)
);
