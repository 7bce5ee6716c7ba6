-- +goose Up
-- When an answer to a subject access is due follows from the day the request
-- came and from what stopped or lengthened the time since. due_on is what
-- that comes to, for lists.
ALTER TABLE subject_access ADD COLUMN received_on text NOT NULL DEFAULT '';
UPDATE subject_access SET received_on = (
  SELECT r.received_on FROM named_request r WHERE r.agency_id = subject_access.agency_id AND r.id = subject_access.request_id
) WHERE EXISTS (SELECT 1 FROM named_request r WHERE r.agency_id = subject_access.agency_id AND r.id = subject_access.request_id);

CREATE TABLE subject_access_time (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  access_id   text      NOT NULL,
  kind        text      NOT NULL, -- identity, clarification, complex, number
  since_on    text      NOT NULL, -- YYYY-MM-DD: asked, or the person was told
  until_on    text      NOT NULL, -- YYYY-MM-DD: answered; empty while it is awaited, and for more time
  months      bigint    NOT NULL, -- of more time
  why         bytea     NOT NULL, -- sealed
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, access_id) REFERENCES subject_access (agency_id, id)
);
CREATE INDEX subject_access_time_of ON subject_access_time (agency_id, access_id, id);
