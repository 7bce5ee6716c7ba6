-- +goose Up
-- A person was offered another service, or was referred to it. The row belongs
-- to the referrer; what it says about anybody travels in the share.
CREATE TABLE referral (
  agency_id       text      NOT NULL, -- the referrer
  id              text      NOT NULL,
  file_id         text      NOT NULL,
  share_id        text      NOT NULL, -- empty until it was sent
  subject         text      NOT NULL, -- experiencing, perpetrating
  to_agency       text      NOT NULL,
  to_team         text      NOT NULL,
  to_account      text      NOT NULL,
  specialist      boolean   NOT NULL,
  state           text      NOT NULL,
  offered_at      timestamp,
  answer          text      NOT NULL, -- wants, not_now, undecided; empty when nothing was offered
  sent_at         timestamp,
  acknowledged_at timestamp,
  decided_at      timestamp,
  decision        text      NOT NULL, -- the reason for declining, or empty
  decision_words  bytea     NOT NULL, -- sealed
  receiver_file   text      NOT NULL, -- the receiver's own file once it was accepted
  feedback_at     timestamp,
  feedback_share  text      NOT NULL, -- the last feedback
  created_by      text      NOT NULL,
  created_at      timestamp NOT NULL,
  version         bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX referral_file ON referral (agency_id, file_id, id);
CREATE UNIQUE INDEX referral_share ON referral (agency_id, share_id) WHERE share_id <> '';
CREATE INDEX referral_received ON referral (to_agency, receiver_file) WHERE receiver_file <> '';
