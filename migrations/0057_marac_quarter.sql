-- +goose Up
-- The national return of a quarter, as it was made final. A revised one is a row of its own.
CREATE TABLE marac_quarter (
  agency_id    text      NOT NULL,
  quarter      text      NOT NULL, -- such as 2026-Q3
  revision     bigint    NOT NULL, -- from 1
  women        bigint    NOT NULL, -- women of 16 and over in the area when it was made; 0 not known
  lines_sealed bytea     NOT NULL, -- sealed: JSON: a line for each meeting
  made_at      timestamp NOT NULL,
  made_by      text      NOT NULL,
  PRIMARY KEY (agency_id, quarter, revision)
);
CREATE INDEX marac_case_heard ON marac_case (agency_id, heard_on, meeting_id) WHERE heard_on <> '';

-- When those who steer a MARAC looked at how it works, and when they will again.
CREATE TABLE marac_review (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  reviewed_on  text      NOT NULL, -- YYYY-MM-DD
  next_on      text      NOT NULL,
  words_sealed bytea     NOT NULL, -- sealed: JSON: who looked, what was found
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  PRIMARY KEY (agency_id, id)
);
