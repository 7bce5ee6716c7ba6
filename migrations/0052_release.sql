-- +goose Up
-- How an agency shares figures in which nobody is named: what it has agreed, the latest of which holds, and what left.
CREATE TABLE figure_protocol (
  agency_id    text      NOT NULL REFERENCES agency (id),
  id           text      NOT NULL,
  words_sealed bytea     NOT NULL, -- sealed
  review_on    text      NOT NULL, -- YYYY-MM-DD: until when it holds
  agreed_at    timestamp NOT NULL,
  agreed_by    text      NOT NULL, -- account
  PRIMARY KEY (agency_id, id)
);

CREATE TABLE figure_release (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  protocol_id  text      NOT NULL,
  of_all       boolean   NOT NULL, -- of all agencies together
  from_on      text      NOT NULL, -- YYYY-MM-DD
  to_on        text      NOT NULL,
  words_sealed bytea     NOT NULL, -- sealed: to whom, and what for
  file_sealed  bytea     NOT NULL, -- sealed: exactly what left
  digest       text      NOT NULL, -- SHA-256 of it, in hexadecimal digits
  made_at      timestamp NOT NULL,
  made_by      text      NOT NULL, -- account
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, protocol_id) REFERENCES figure_protocol (agency_id, id)
);
