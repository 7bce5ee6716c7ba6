-- +goose Up
-- Services of the area: what each is, whom it takes and where from. A service is about nobody; the
-- list is open to everybody at work. One that has ended stays, and says when.
CREATE TABLE area_service (
  agency_id   text      NOT NULL, -- who keeps the line
  id          text      NOT NULL,
  details     text      NOT NULL, -- JSON
  ended_at    timestamp,
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  version     bigint    NOT NULL,
  PRIMARY KEY (agency_id, id)
);
