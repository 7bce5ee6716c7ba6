-- +goose Up
-- The data key of each agency, wrapped by the key of the deployment.
CREATE TABLE agency_key (
  agency_id  text      NOT NULL PRIMARY KEY,
  wrapped    bytea     NOT NULL,
  created_at timestamp NOT NULL
);

-- One row: which deployment this is, whether it is a demo, and a value that
-- only the right key opens.
CREATE TABLE deployment (
  one        bigint    NOT NULL PRIMARY KEY,
  kind       text      NOT NULL,
  key_check  bytea     NOT NULL,
  created_at timestamp NOT NULL
);
