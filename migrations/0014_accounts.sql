-- +goose Up
-- How people prove who they are, and how long that holds.

-- A session begun before there were second factors is worth nothing now.
DELETE FROM session;
-- id names a session where its owner lists them; the token never leaves the
-- browser. factor says what was given besides the password: nothing yet when
-- empty. strong_at is when it was given last.
ALTER TABLE session ADD COLUMN id text NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN factor text NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN strong_at timestamp;
ALTER TABLE session ADD COLUMN browser text NOT NULL DEFAULT '';
CREATE INDEX session_id ON session (account_id, id);

-- secret is sealed: of an authenticator app what its codes are made from, of a
-- passkey what its signatures are checked with. used_step is the last time step
-- whose code was taken, so that none is taken twice.
CREATE TABLE second_factor (
  account_id text      NOT NULL REFERENCES account (id),
  id         text      NOT NULL,
  kind       text      NOT NULL,
  name       text      NOT NULL,
  secret     bytea     NOT NULL,
  used_step  bigint    NOT NULL,
  created_at timestamp NOT NULL,
  used_at    timestamp,
  PRIMARY KEY (account_id, id)
);

CREATE TABLE recovery_code (
  account_id text      NOT NULL REFERENCES account (id),
  code_hash  bytea     NOT NULL,
  used_at    timestamp,
  PRIMARY KEY (account_id, code_hash)
);

-- What the server must remember between two steps of one proof: a challenge, a
-- secret not confirmed yet, the state of a sign-in at a provider. Each is used
-- once. data is sealed where it is a secret.
CREATE TABLE ceremony (
  token_hash bytea     NOT NULL PRIMARY KEY,
  kind       text      NOT NULL,
  account_id text,
  data       bytea     NOT NULL,
  expires_at timestamp NOT NULL
);
CREATE INDEX ceremony_expires ON ceremony (expires_at);

-- What was typed when a session ended, sealed, for the same account only.
CREATE TABLE draft (
  account_id text      NOT NULL REFERENCES account (id),
  id         text      NOT NULL,
  agency_id  text      NOT NULL,
  sealed     bytea     NOT NULL,
  kept_at    timestamp NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX draft_kept ON draft (kept_at);

-- How fast names and networks have been tried, under keyed hashes. due is in
-- microseconds since 1970: until then, less what may be tried at once, nothing
-- more is tried.
CREATE TABLE sign_in_try (
  try_key bytea   NOT NULL PRIMARY KEY,
  due     bigint  NOT NULL,
  shut    boolean NOT NULL
);
CREATE INDEX sign_in_try_due ON sign_in_try (due);

-- Which names were tried wrongly from where in an hour, under keyed hashes: so
-- the trying of many names with one password is seen.
CREATE TABLE sign_in_wrong (
  hour    bigint NOT NULL,
  network bytea  NOT NULL,
  name    bytea  NOT NULL,
  PRIMARY KEY (hour, network, name)
);

-- Who may sign in with a provider of identities. An administrator vouches for
-- the address; the subject is kept at the first sign-in and counts from then on.
CREATE TABLE identity (
  account_id text      NOT NULL PRIMARY KEY REFERENCES account (id),
  issuer     text      NOT NULL,
  email      text      NOT NULL,
  subject    text,
  vouched_at timestamp NOT NULL,
  UNIQUE (issuer, email),
  UNIQUE (issuer, subject)
);

-- What programs show instead of a password: only the hash is kept.
CREATE TABLE service_token (
  account_id text      NOT NULL REFERENCES account (id),
  id         text      NOT NULL,
  agency_id  text      NOT NULL REFERENCES agency (id),
  name       text      NOT NULL,
  actions    text      NOT NULL,
  token_hash bytea     NOT NULL UNIQUE,
  created_by text      NOT NULL,
  created_at timestamp NOT NULL,
  expires_at timestamp NOT NULL,
  revoked_at timestamp,
  PRIMARY KEY (account_id, id)
);

-- The last day of a membership that was given for a time.
ALTER TABLE member ADD COLUMN until timestamp;
