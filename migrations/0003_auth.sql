-- +goose Up
-- Who can sign in. What a person does at work (agency, teams, roles, training)
-- is kept by the registers.
CREATE TABLE account (
  id            text      NOT NULL PRIMARY KEY,
  username      text      NOT NULL UNIQUE,
  name          text      NOT NULL,
  kind          text      NOT NULL,
  password_hash text      NOT NULL,
  disabled      boolean   NOT NULL,
  created_at    timestamp NOT NULL,
  version       bigint    NOT NULL
);

-- Only the hash of a token is kept: a dump of the table opens no session.
CREATE TABLE session (
  token_hash bytea     NOT NULL PRIMARY KEY,
  account_id text      NOT NULL REFERENCES account (id),
  created_at timestamp NOT NULL,
  seen_at    timestamp NOT NULL,
  locked     boolean   NOT NULL
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_seen ON session (seen_at);

-- One-time links. Without an account it is the link of the first
-- administrator.
CREATE TABLE invitation (
  token_hash bytea     NOT NULL PRIMARY KEY,
  account_id text      REFERENCES account (id),
  created_at timestamp NOT NULL,
  expires_at timestamp NOT NULL,
  used_at    timestamp
);
