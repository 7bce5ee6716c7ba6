-- +goose Up
-- Letters and messages to the person of a file. What was written is never changed.
CREATE TABLE letter (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  file_id    text      NOT NULL,
  template   text      NOT NULL, -- the code of the text it began with
  way        text      NOT NULL, -- post, hand, email, text
  state      text      NOT NULL, -- made, sent, not_sent
  words      bytea     NOT NULL, -- sealed: JSON, the subject, the text, and why it was not sent
  flagged    boolean   NOT NULL, -- it was sent though it would have been refused
  made_at    timestamp NOT NULL,
  made_by    text      NOT NULL,
  settled_at timestamp,
  settled_by text      NOT NULL, -- empty until it is settled
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX letter_file ON letter (agency_id, file_id, id);
