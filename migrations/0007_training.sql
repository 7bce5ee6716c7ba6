-- +goose Up
-- Training levels with their dates (calendar days, YYYY-MM-DD). agency_id is
-- where the account worked when the level was recorded; the level goes with the
-- person.
CREATE TABLE training_level (
  agency_id    text      NOT NULL REFERENCES agency (id),
  id           text      NOT NULL,
  account_id   text      NOT NULL REFERENCES account (id),
  level        bigint    NOT NULL,
  achieved_on  text      NOT NULL,
  expires_on   text,
  source       text      NOT NULL,
  recorded_by  text      NOT NULL,
  recorded_at  timestamp NOT NULL,
  withdrawn_at timestamp,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX training_level_account ON training_level (account_id, achieved_on);
