-- +goose Up
-- A document or a picture on a file.
CREATE TABLE attachment (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  number      bigint    NOT NULL, -- within the file
  kind        text      NOT NULL, -- jpeg, png, pdf, text
  size        bigint    NOT NULL, -- bytes
  cleaned     boolean   NOT NULL, -- what was hidden in it is gone; a PDF is kept as it is
  compartment text      NOT NULL, -- who may read it is decided there, or empty
  name        bytea     NOT NULL, -- sealed: as it was called
  about       bytea     NOT NULL, -- sealed: what it is
  added_at    timestamp NOT NULL,
  added_by    text      NOT NULL,
  erased_at   timestamp,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, file_id, number),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);

-- Its bytes, in pieces, each sealed for its place.
CREATE TABLE attachment_piece (
  agency_id     text   NOT NULL,
  attachment_id text   NOT NULL,
  seq           bigint NOT NULL,
  body          bytea  NOT NULL, -- sealed
  PRIMARY KEY (agency_id, attachment_id, seq),
  FOREIGN KEY (agency_id, attachment_id) REFERENCES attachment (agency_id, id)
);
