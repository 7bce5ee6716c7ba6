-- +goose Up
-- A data key of an agency has versions: new values are sealed under the
-- newest, older ones stay readable under theirs.
ALTER TABLE agency_key RENAME TO agency_key_before;
CREATE TABLE agency_key (
  agency_id  text      NOT NULL,
  version    bigint    NOT NULL, -- from 1
  wrapped    bytea     NOT NULL,
  created_at timestamp NOT NULL,
  PRIMARY KEY (agency_id, version)
);
INSERT INTO agency_key (agency_id, version, wrapped, created_at)
SELECT agency_id, 1, wrapped, created_at FROM agency_key_before;
DROP TABLE agency_key_before;
