-- +goose Up
-- Which teams take what somebody asks for on the public pages, and what those
-- pages say of them. A team that is not here takes nothing. words are public.
CREATE TABLE ask_door (
  agency_id  text      NOT NULL,
  team_id    text      NOT NULL,
  from_self  boolean   NOT NULL,
  from_known boolean   NOT NULL, -- from somebody who knows the person
  from_work  boolean   NOT NULL, -- from somebody who works with the person
  words      text      NOT NULL,
  changed_at timestamp NOT NULL,
  changed_by text      NOT NULL,
  version    bigint    NOT NULL,
  PRIMARY KEY (agency_id, team_id),
  FOREIGN KEY (agency_id, team_id) REFERENCES team (agency_id, id)
);

-- What somebody asked for on the public pages. once is what a page was sent
-- with, so that what is sent twice arrives once.
CREATE TABLE ask (
  agency_id  text      NOT NULL, -- of the team that it was sent to
  id         text      NOT NULL,
  team_id    text      NOT NULL,
  who        text      NOT NULL, -- self, known, work
  reference  text      NOT NULL,
  once       text      NOT NULL,
  state      text      NOT NULL, -- arrived, acknowledged, accepted, declined
  danger     boolean   NOT NULL, -- they said that there is danger now
  due_on     text      NOT NULL,
  arrived_at timestamp NOT NULL,
  held_by    text      NOT NULL,
  held_at    timestamp,
  settled_at timestamp,
  settled_by text      NOT NULL,
  reason     text      NOT NULL,
  file_id    text      NOT NULL,
  person_id  text      NOT NULL,
  words      bytea     NOT NULL, -- sealed: all that was typed
  answer     bytea     NOT NULL, -- sealed: what was written when it was declined
  version    bigint    NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE UNIQUE INDEX ask_once ON ask (once);
CREATE INDEX ask_waiting ON ask (agency_id, state, id);
CREATE INDEX ask_file ON ask (agency_id, file_id) WHERE file_id <> '';

-- Keyed marks of the names in it: of the person, and of whoever they fear.
CREATE TABLE ask_mark (
  agency_id text NOT NULL,
  ask_id    text NOT NULL,
  whose     text NOT NULL, -- person, feared
  kind      text NOT NULL,
  mark      text NOT NULL,
  PRIMARY KEY (agency_id, ask_id, whose, kind, mark),
  FOREIGN KEY (agency_id, ask_id) REFERENCES ask (agency_id, id)
);
CREATE INDEX ask_mark_mark ON ask_mark (agency_id, mark);

-- How often a network sent something lately: a keyed hash, and no address.
CREATE TABLE ask_try (
  try_key bytea  NOT NULL PRIMARY KEY,
  due     bigint NOT NULL
);

-- A referral that follows an earlier one, or that passes one on.
ALTER TABLE referral ADD COLUMN follows text NOT NULL DEFAULT '';  -- the earlier one, of this file
ALTER TABLE referral ADD COLUMN passes_on text NOT NULL DEFAULT ''; -- the referral that the file began with
ALTER TABLE referral ADD COLUMN reason text NOT NULL DEFAULT '';    -- why an offer was not wanted, or could not be made

-- How far the receiver has come with a referral. The row is the receiver's;
-- share_id is what the referrer was told, empty where they were told nothing.
CREATE TABLE referral_stage (
  agency_id   text      NOT NULL, -- the receiver
  id          text      NOT NULL,
  file_id     text      NOT NULL, -- the receiver's
  referral_id text      NOT NULL,
  stage       text      NOT NULL,
  reason      text      NOT NULL,
  share_id    text      NOT NULL,
  words       bytea     NOT NULL, -- sealed
  made_at     timestamp NOT NULL,
  made_by     text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX referral_stage_file ON referral_stage (agency_id, file_id, id);
