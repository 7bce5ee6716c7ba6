-- +goose Up
-- The editions of the official guideline that were imported. content is the
-- whole edition as JSON; it is text and not jsonb because it is only ever read
-- as a whole, and must come back as it went in. number tells apart editions
-- that print the same day; revision grows when content changes, so that what
-- an instance keeps in memory is known to be stale.
CREATE TABLE guideline_version (
  id          text      NOT NULL PRIMARY KEY,
  updated     text      NOT NULL,
  number      bigint    NOT NULL,
  title       text      NOT NULL,
  content     text      NOT NULL,
  revision    bigint    NOT NULL,
  imported_at timestamp NOT NULL,
  imported_by text      NOT NULL,
  UNIQUE (updated, number)
);

-- The files an edition was made from, at most one of each kind.
CREATE TABLE guideline_file (
  version_id  text      NOT NULL REFERENCES guideline_version (id),
  kind        text      NOT NULL,
  name        text      NOT NULL,
  sha256      text      NOT NULL,
  lines       bigint    NOT NULL,
  imported_at timestamp NOT NULL,
  imported_by text      NOT NULL,
  PRIMARY KEY (version_id, kind)
);
CREATE INDEX guideline_file_sha256 ON guideline_file (sha256);
