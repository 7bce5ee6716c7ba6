-- +goose Up
-- What was told to a MARAC of who is who and by which routes, beside the words of the share that it went
-- with: one copy of the agency that sent it, one of the MARAC. Its words never change.
CREATE TABLE marac_referral (
  agency_id     text      NOT NULL, -- whose copy it is
  share_id      text      NOT NULL,
  file_id       text      NOT NULL, -- the sender's; in the copy of the MARAC the one it was taken into, empty before
  from_agency   text      NOT NULL,
  to_agency     text      NOT NULL,
  answer        text      NOT NULL, -- sent, taken, listed, declined, wrong_area, duplicate, transferred
  idva          text      NOT NULL, -- as the referrer said: not_known, referred, accepted, declined_by_them, none
  words_sealed  bytea     NOT NULL, -- sealed: JSON
  answer_sealed bytea     NOT NULL, -- sealed: JSON: what the MARAC answers
  sent_at       timestamp NOT NULL,
  answered_at   timestamp,
  PRIMARY KEY (agency_id, share_id)
);
CREATE INDEX marac_referral_file ON marac_referral (agency_id, file_id, sent_at, share_id);

-- By what those in the register are found: keyed hashes, of which nothing can be read.
CREATE TABLE marac_key (
  agency_id   text NOT NULL,
  mark        text NOT NULL,
  role        text NOT NULL, -- victim, perpetrator, child, other
  case_id     text NOT NULL,
  person_id   text NOT NULL,
  PRIMARY KEY (agency_id, mark, role, case_id, person_id),
  FOREIGN KEY (agency_id, case_id) REFERENCES marac_case (agency_id, id)
);
CREATE INDEX marac_key_case ON marac_key (agency_id, case_id);

-- What was decided about a case of the register, each time.
CREATE TABLE marac_step (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  case_id      text      NOT NULL,
  file_id      text      NOT NULL,
  kind         text      NOT NULL, -- taken, corrected, listed, declined, wrong_area, duplicate, transferred, repeat, no_repeat, idva
  words_sealed bytea     NOT NULL, -- sealed
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, case_id) REFERENCES marac_case (agency_id, id)
);
CREATE INDEX marac_step_case ON marac_step (agency_id, case_id, id);
CREATE INDEX marac_step_file ON marac_step (agency_id, file_id);
