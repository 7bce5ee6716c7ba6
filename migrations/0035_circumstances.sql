-- +goose Up
-- Circumstances that bear on risk and support, specialist advice that was pointed to, consent and
-- capacity, and who does what to whom. A row is never changed; another version is a new row.
CREATE TABLE circumstance (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  section     text      NOT NULL, -- circumstance, pointer, consent, capacity, report, judgement, opinion
  root_id     text      NOT NULL, -- the first version of it
  after_id    text      NOT NULL, -- the version it comes after; empty for the first
  words       bytea     NOT NULL, -- sealed: JSON, all that is said, of which kind it is too
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, root_id, after_id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX circumstance_file ON circumstance (agency_id, file_id, id);

-- Texts of letters that an agency words itself. What was approved is never changed; another version is
-- a new row, and of a text at most one version is in use.
CREATE TABLE letter_text (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  root_id    text      NOT NULL, -- the first version of it
  number     bigint    NOT NULL, -- which version it is
  state      text      NOT NULL, -- proposed, approved, refused, retired
  ways       text      NOT NULL, -- how it may go, with commas between
  words      bytea     NOT NULL, -- sealed: JSON, title, subject, text, and why it was refused or retired
  made_at    timestamp NOT NULL,
  made_by    text      NOT NULL,
  decided_at timestamp,
  decided_by text      NOT NULL, -- empty until somebody has decided
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, root_id, number)
);
