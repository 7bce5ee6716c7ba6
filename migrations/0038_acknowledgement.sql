-- +goose Up
-- The clock of an acknowledgement. The moments are kept when a share is sent, so
-- that a later setting does not move what was promised; whose turn it is follows
-- from them and from who works at the receiver, and is not stored.
ALTER TABLE share ADD COLUMN urgent boolean NOT NULL DEFAULT false;
ALTER TABLE share ADD COLUMN remind_at timestamp;  -- the team is reminded
ALTER TABLE share ADD COLUMN manager_at timestamp; -- a manager there is asked
ALTER TABLE share ADD COLUMN contact_at timestamp; -- the key contact there is asked
ALTER TABLE share ADD COLUMN corrects text NOT NULL DEFAULT ''; -- the share it puts right
ALTER TABLE share ADD COLUMN incapacity boolean NOT NULL DEFAULT false;
ALTER TABLE share ADD COLUMN court_order boolean NOT NULL DEFAULT false;
-- What waits from before has no clock: it is asked about at once.
UPDATE share SET remind_at = sent_at, manager_at = sent_at, contact_at = sent_at, urgent = acted_now WHERE acknowledged_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX share_unanswered ON share (to_agency, manager_at) WHERE acknowledged_at IS NULL;
CREATE INDEX share_urgent ON share (agency_id, sender_account, id) WHERE acknowledged_at IS NULL AND urgent;
CREATE INDEX share_corrects ON share (corrects) WHERE corrects <> '';
ALTER TABLE share_copy ADD COLUMN informed_how bytea; -- sealed: how they know
ALTER TABLE share_copy ADD COLUMN danger bytea;       -- sealed: what harm sharing could do

-- Why a share is before the key contact: against an agreement, or with none.
ALTER TABLE share_override ADD COLUMN kind text NOT NULL DEFAULT 'against';

-- That somebody at the receiver who was asked has seen to it. What they wrote is
-- in the chronology of the sender's file.
CREATE TABLE share_chase (
  agency_id  text      NOT NULL, -- the receiver
  id         text      NOT NULL,
  share_id   text      NOT NULL,
  account_id text      NOT NULL,
  chased_at  timestamp NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (share_id) REFERENCES share (id)
);
CREATE INDEX share_chase_share ON share_chase (agency_id, share_id);

-- Advice that a worker asked of the key contact before sharing.
CREATE TABLE share_advice (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  to_agency   text      NOT NULL, -- with whom they think of sharing, or empty
  question    bytea     NOT NULL, -- sealed
  due_on      text      NOT NULL,
  asked_at    timestamp NOT NULL,
  asked_by    text      NOT NULL,
  share_id    text      NOT NULL, -- the share it was kept with, or empty
  says        text      NOT NULL, -- share, share_less, not, ask_more; empty while it waits
  answer      bytea     NOT NULL, -- sealed
  adviser     bytea     NOT NULL, -- sealed: by name
  answered_at timestamp,
  answered_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX share_advice_file ON share_advice (agency_id, file_id, id);
CREATE INDEX share_advice_waiting ON share_advice (agency_id, due_on, id) WHERE says = '';

-- Why something was sent at once, written down after. The packet stays as it was.
CREATE TABLE share_justified (
  agency_id    text      NOT NULL, -- the sender
  share_id     text      NOT NULL,
  file_id      text      NOT NULL,
  basis        text      NOT NULL,
  rationale    bytea     NOT NULL, -- sealed
  views        bytea     NOT NULL, -- sealed: what the person says of it, and who was there
  justified_at timestamp NOT NULL,
  justified_by text      NOT NULL,
  PRIMARY KEY (agency_id, share_id),
  FOREIGN KEY (agency_id, share_id) REFERENCES share (agency_id, id)
);
