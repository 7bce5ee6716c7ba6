-- +goose Up
-- What happened when somebody was, or was not, asked. A correction is a row of
-- its own; the row it corrects stays and names its successor.
CREATE TABLE enquiry (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  person_id   text      NOT NULL,
  happened_on text      NOT NULL, -- YYYY-MM-DD
  setting     text      NOT NULL,
  asked       boolean   NOT NULL,
  counts      boolean   NOT NULL, -- by the rules for asking, as they were on the day it was recorded
  disclosed   boolean   NOT NULL, -- something within the definition
  level       bigint    NOT NULL, -- the training level of whoever asked, on the day
  definition  text      NOT NULL, -- the version of the definition of abuse that types and relations follow
  answers     bytea     NOT NULL, -- sealed: everything that was recorded, JSON
  asked_by    text      NOT NULL, -- account
  recorded_by text      NOT NULL, -- account; another one when somebody else corrected it
  recorded_at timestamp NOT NULL,
  corrects    text      NOT NULL, -- the row it replaces, or empty
  replaced_by text      NOT NULL, -- the row that replaced it, or empty
  version     bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id),
  FOREIGN KEY (agency_id, person_id) REFERENCES person (agency_id, id)
);
CREATE INDEX enquiry_file ON enquiry (agency_id, file_id, happened_on, id);
