-- +goose Up
-- What a program proves itself with is a token that opens by itself, or the
-- secret of a client, which opens nothing but gets tokens that last minutes.
ALTER TABLE service_token ADD COLUMN kind text NOT NULL DEFAULT 'token'; -- token, client

-- The tokens that clients got. Only the hash is kept.
CREATE TABLE access_token (
  account_id text      NOT NULL,
  token_hash bytea     NOT NULL UNIQUE,
  client_id  text      NOT NULL, -- the credential it was got with
  actions    text      NOT NULL,
  expires_at timestamp NOT NULL,
  PRIMARY KEY (account_id, token_hash),
  FOREIGN KEY (account_id, client_id) REFERENCES service_token (account_id, id)
);
CREATE INDEX access_token_expires ON access_token (expires_at);

-- How a team is reached whose agency uses a system of its own.
CREATE TABLE interchange_endpoint (
  agency_id     text      NOT NULL, -- whose team it is
  team_id       text      NOT NULL,
  address       text      NOT NULL, -- to which messages are posted
  token_address text      NOT NULL,
  client_id     text      NOT NULL,
  secret        bytea     NOT NULL, -- sealed
  scope         text      NOT NULL,
  known_system  text      NOT NULL, -- what that system calls the team; empty for our id
  known_value   text      NOT NULL,
  active        boolean   NOT NULL,
  changed_at    timestamp NOT NULL,
  changed_by    text      NOT NULL,
  version       bigint    NOT NULL,
  PRIMARY KEY (agency_id, team_id),
  FOREIGN KEY (agency_id, team_id) REFERENCES team (agency_id, id)
);

-- Messages that leave, in the order in which they were written. What one says is
-- there until the receiver's system has it, or it does not leave any more.
CREATE TABLE interchange_outbox (
  agency_id   text      NOT NULL, -- the sender
  id          text      NOT NULL, -- of the message
  file_id     text      NOT NULL,
  share_id    text      NOT NULL,
  to_agency   text      NOT NULL,
  to_team     text      NOT NULL,
  kind        text      NOT NULL, -- new, revoked
  body        bytea     NOT NULL, -- sealed
  state       text      NOT NULL, -- waiting, taken, refused, dropped
  tries       bigint    NOT NULL,
  next_at     timestamp NOT NULL,
  held_until  timestamp,          -- while a process has it in hand
  why         text      NOT NULL, -- what the last try came to: a code
  told        boolean   NOT NULL, -- the sender was told that it does not get through
  created_at  timestamp NOT NULL,
  settled_at  timestamp,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX interchange_outbox_waiting ON interchange_outbox (to_agency, to_team, created_at, id) WHERE state = 'waiting';
CREATE INDEX interchange_outbox_file ON interchange_outbox (agency_id, file_id, id);
CREATE INDEX interchange_outbox_share ON interchange_outbox (agency_id, share_id, id);

-- Messages that came: what is needed so that one which comes again arrives once
-- and is answered alike.
CREATE TABLE interchange_received (
  agency_id   text      NOT NULL, -- the sender
  message_id  text      NOT NULL,
  bundle_id   text      NOT NULL,
  request_id  text      NOT NULL, -- what the sender calls the referral
  mark        bytea     NOT NULL, -- keyed hash of what it said
  answer_id   text      NOT NULL, -- of the answer
  file_id     text      NOT NULL, -- the sender's; empty once that was destroyed
  share_id    text      NOT NULL,
  received_at timestamp NOT NULL,
  received_by text      NOT NULL,
  PRIMARY KEY (agency_id, message_id)
);
CREATE INDEX interchange_received_file ON interchange_received (agency_id, file_id);
CREATE UNIQUE INDEX interchange_received_share ON interchange_received (agency_id, share_id) WHERE share_id <> '';
