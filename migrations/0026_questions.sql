-- +goose Up
-- Question sets that this deployment loaded. content is the file as it came, text and not jsonb: it
-- is exported as it was. A row may be replaced until an answer is given to it; after that a new
-- version is a new row.
CREATE TABLE question_set (
  url         text      NOT NULL,
  version     text      NOT NULL,
  title       text      NOT NULL,
  status      text      NOT NULL,
  items       bigint    NOT NULL,
  content     text      NOT NULL,
  sha256      text      NOT NULL,
  added_at    timestamp NOT NULL,
  added_by    text      NOT NULL,
  answered_at timestamp, -- when the first answer was given
  PRIMARY KEY (url, version)
);
