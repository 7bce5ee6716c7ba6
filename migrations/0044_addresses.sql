-- +goose Up
-- Where and how a person can be reached is hidden altogether: nothing of it leaves.
ALTER TABLE person_home ADD COLUMN hidden boolean NOT NULL DEFAULT false;

-- Places of a person beside where they live now: a guarded one that they have left, which stays guarded because others
-- may live there, and one that somebody asked to be recorded without that guard, which takes a second person.
CREATE TABLE person_place (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  person_id    text      NOT NULL,
  state        text      NOT NULL, -- former, asked, released, refused
  house        bytea     NOT NULL, -- sealed
  postcode     bytea     NOT NULL, -- sealed
  why          bytea     NOT NULL, -- sealed
  confidential boolean   NOT NULL,
  hidden       boolean   NOT NULL,
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  settled_at   timestamp,
  settled_by   text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, person_id) REFERENCES person (agency_id, id)
);
CREATE INDEX person_place_person ON person_place (agency_id, person_id, id);
