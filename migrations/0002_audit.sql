-- +goose Up
-- The ledger. body is the text that is hashed; the other columns repeat parts
-- of it for searching and are checked against it. No foreign keys: an entry
-- outlives what it speaks of.
CREATE TABLE ledger_entry (
  seq     bigint    NOT NULL PRIMARY KEY,
  at      timestamp NOT NULL,
  actor   text      NOT NULL,
  agency  text      NOT NULL,
  action  text      NOT NULL,
  outcome text      NOT NULL,
  body    text      NOT NULL
);
CREATE INDEX ledger_entry_actor ON ledger_entry (actor, seq);
CREATE INDEX ledger_entry_agency ON ledger_entry (agency, seq);

CREATE TABLE ledger_subject (
  kind text   NOT NULL,
  id   text   NOT NULL,
  seq  bigint NOT NULL,
  PRIMARY KEY (kind, id, seq)
);

-- The Merkle tree over the entries, by the numbering of stored hashes.
CREATE TABLE ledger_hash (
  idx  bigint NOT NULL PRIMARY KEY,
  hash bytea  NOT NULL
);

-- Tree heads kept from time to time, to compare with what a witness holds.
CREATE TABLE ledger_head (
  size bigint    NOT NULL PRIMARY KEY,
  root bytea     NOT NULL,
  at   timestamp NOT NULL
);
