-- +goose Up
-- Where a program of an agency is told that something happened to a referral.
CREATE TABLE webhook (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  account_id text      NOT NULL, -- the program: it is told of what it may ask about
  address    text      NOT NULL,
  events     text      NOT NULL, -- kinds, with commas
  secret     bytea     NOT NULL, -- sealed
  old_secret bytea     NOT NULL, -- sealed; empty where there is none
  old_until  timestamp,          -- how long the old one signs, too
  state      text      NOT NULL, -- active, paused
  why        text      NOT NULL, -- of a pause: asked, failing, gone
  created_at timestamp NOT NULL,
  created_by text      NOT NULL,
  changed_at timestamp NOT NULL,
  version    bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (id),
  UNIQUE (agency_id, account_id, address),
  FOREIGN KEY (account_id) REFERENCES account (id)
);

-- What a program is told, written with what happened. It says no more than which
-- referral it is about.
CREATE TABLE webhook_delivery (
  agency_id   text      NOT NULL,
  id          text      NOT NULL, -- by which the program knows it again
  webhook_id  text      NOT NULL,
  event       text      NOT NULL,
  share_id    text      NOT NULL, -- empty for a test
  state       text      NOT NULL, -- waiting, taken, given_up
  tries       bigint    NOT NULL,
  next_at     timestamp NOT NULL,
  held_until  timestamp,          -- while a process has it in hand
  happened_at timestamp NOT NULL,
  settled_at  timestamp,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, webhook_id) REFERENCES webhook (agency_id, id)
);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (next_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_webhook ON webhook_delivery (agency_id, webhook_id, happened_at, id);
CREATE INDEX webhook_delivery_share ON webhook_delivery (share_id) WHERE share_id <> '';

-- What each try came to: a code, and no word of what the other side said.
CREATE TABLE webhook_try (
  agency_id   text      NOT NULL,
  delivery_id text      NOT NULL,
  n           bigint    NOT NULL,
  at          timestamp NOT NULL,
  why         text      NOT NULL,
  PRIMARY KEY (agency_id, delivery_id, n),
  FOREIGN KEY (agency_id, delivery_id) REFERENCES webhook_delivery (agency_id, id)
);
