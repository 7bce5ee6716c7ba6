-- +goose Up
-- Which side of the harm a file's work is on: experiencing or perpetrating.
ALTER TABLE file ADD COLUMN side text NOT NULL DEFAULT 'experiencing';

-- A person's files, whichever their role.
CREATE INDEX party_person ON party (agency_id, person_id);

-- The secret that an agency's marks are made with, sealed under its data key.
CREATE TABLE mark_key (
  agency_id  text      NOT NULL PRIMARY KEY,
  secret     bytea     NOT NULL, -- sealed
  created_at timestamp NOT NULL
);

-- Where a person lives. A confidential address has no mark.
CREATE TABLE person_home (
  agency_id    text      NOT NULL,
  person_id    text      NOT NULL,
  house        bytea     NOT NULL, -- sealed: number or name, and street
  postcode     bytea     NOT NULL, -- sealed
  confidential boolean   NOT NULL,
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  PRIMARY KEY (agency_id, person_id),
  FOREIGN KEY (agency_id, person_id) REFERENCES person (agency_id, id)
);

-- Keyed hashes by which a worker's ties to people are found. What was hashed
-- cannot be read from them.
CREATE TABLE person_mark (
  agency_id text NOT NULL,
  person_id text NOT NULL,
  kind      text NOT NULL, -- name, birth (name and date of birth), home
  mark      text NOT NULL,
  PRIMARY KEY (agency_id, person_id, kind),
  FOREIGN KEY (agency_id, person_id) REFERENCES person (agency_id, id)
);
CREATE INDEX person_mark_mark ON person_mark (agency_id, mark);

-- What ties a worker to somebody: who they are themselves, and what they
-- declared. Of a worker's own address the mark is kept and nothing else.
CREATE TABLE worker_tie (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  account_id   text      NOT NULL,
  source       text      NOT NULL, -- particulars, declared
  relation     text      NOT NULL,
  words        bytea     NOT NULL, -- sealed: whom it is to, for the worker's own page
  declared_at  timestamp NOT NULL,
  withdrawn_at timestamp,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX worker_tie_account ON worker_tie (agency_id, account_id);

CREATE TABLE worker_mark (
  agency_id text NOT NULL,
  tie_id    text NOT NULL,
  kind      text NOT NULL,
  mark      text NOT NULL,
  PRIMARY KEY (agency_id, tie_id, kind),
  FOREIGN KEY (agency_id, tie_id) REFERENCES worker_tie (agency_id, id)
);
CREATE INDEX worker_mark_mark ON worker_mark (agency_id, mark);

-- A worker who is tied to a party of a file. While it is not lifted the file is
-- not there for them.
CREATE TABLE conflict_of_interest (
  agency_id  text      NOT NULL,
  file_id    text      NOT NULL,
  account_id text      NOT NULL,
  basis      text      NOT NULL, -- self, home, or the relation that was declared
  source     text      NOT NULL, -- declared, found
  found_at   timestamp NOT NULL,
  lifted_at  timestamp,
  lifted_by  text      NOT NULL,
  lifted_why bytea     NOT NULL, -- sealed
  PRIMARY KEY (agency_id, file_id, account_id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);

-- When a file was restricted, by whom and why, and when that was lifted.
CREATE TABLE restriction (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  file_id    text      NOT NULL,
  set_at     timestamp NOT NULL,
  set_by     text      NOT NULL,
  set_why    bytea     NOT NULL, -- sealed
  lifted_at  timestamp,
  lifted_by  text      NOT NULL,
  lifted_why bytea     NOT NULL, -- sealed
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX restriction_file ON restriction (agency_id, file_id, id);

-- Emergency access to a file. A row stays for good.
CREATE TABLE emergency_access (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  account_id  text      NOT NULL,
  reason      text      NOT NULL,
  words       bytea     NOT NULL, -- sealed
  reach       boolean   NOT NULL, -- with how the person can be reached
  given_at    timestamp NOT NULL,
  expires_at  timestamp NOT NULL,
  due_on      text      NOT NULL, -- the day by which it is reviewed
  reviewed_at timestamp,
  reviewed_by text      NOT NULL,
  verdict     text      NOT NULL, -- justified, not_justified
  review      bytea     NOT NULL, -- sealed
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX emergency_access_file ON emergency_access (agency_id, file_id, account_id, expires_at);

-- What waits for the key contacts of an agency. It names a file by its number
-- only.
CREATE TABLE notice (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  kind       text      NOT NULL, -- emergency, conflict
  file_id    text      NOT NULL,
  account_id text      NOT NULL, -- whom it is about
  ref        text      NOT NULL,
  due_on     text      NOT NULL,
  created_at timestamp NOT NULL,
  done_at    timestamp,
  done_by    text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX notice_open ON notice (agency_id, due_on, id) WHERE done_at IS NULL;

-- Which roles read a compartment of the files they may open. The rows without
-- an agency are what ships; an agency that decides for itself has its own.
CREATE TABLE compartment_role (
  agency_id   text NOT NULL,
  compartment text NOT NULL,
  role        text NOT NULL,
  PRIMARY KEY (agency_id, compartment, role)
);
INSERT INTO compartment_role (agency_id, compartment, role) VALUES
  ('', 'whereabouts', 'practitioner'), ('', 'whereabouts', 'specialist'),
  ('', 'entitlement', 'specialist'),
  ('', 'child_words', 'specialist'),
  ('', 'supervision', 'manager');

CREATE TABLE compartment_grant (
  agency_id   text      NOT NULL,
  file_id     text      NOT NULL,
  compartment text      NOT NULL,
  account_id  text      NOT NULL,
  given_by    text      NOT NULL,
  given_at    timestamp NOT NULL,
  ended_at    timestamp,
  PRIMARY KEY (agency_id, file_id, compartment, account_id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);

-- What is written in a compartment of a file.
CREATE TABLE kept_note (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  compartment text      NOT NULL,
  about       text      NOT NULL, -- the person it is about, or empty
  text        bytea     NOT NULL, -- sealed
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX kept_note_file ON kept_note (agency_id, file_id, compartment, id);

-- The two files of one agency that are about the two sides of one harm, both
-- ways round.
CREATE TABLE couple (
  agency_id  text      NOT NULL,
  file_id    text      NOT NULL,
  other_file text      NOT NULL,
  found_at   timestamp NOT NULL,
  PRIMARY KEY (agency_id, file_id, other_file),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id),
  FOREIGN KEY (agency_id, other_file) REFERENCES file (agency_id, id)
);

-- What was asked for in a person's name, unverified until it was confirmed in
-- a safe way.
CREATE TABLE named_request (
  agency_id         text      NOT NULL,
  id                text      NOT NULL,
  file_id           text      NOT NULL,
  kind              text      NOT NULL,
  came              text      NOT NULL, -- how it came
  received_on       text      NOT NULL,
  words             bytea     NOT NULL, -- sealed
  present           bytea     NOT NULL, -- sealed: who was there
  state             text      NOT NULL, -- unverified, confirmed, not_theirs
  recorded_at       timestamp NOT NULL,
  recorded_by       text      NOT NULL,
  confirmed_at      timestamp,
  confirmed_by      text      NOT NULL,
  confirmed_way     text      NOT NULL,
  confirmed_words   bytea     NOT NULL, -- sealed
  confirmed_present bytea     NOT NULL, -- sealed
  version           bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX named_request_file ON named_request (agency_id, file_id, id);

-- Support for a worker who is affected themselves.
CREATE TABLE worker_support (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  account_id text      NOT NULL, -- whose it is
  reader_id  text      NOT NULL, -- the one colleague they chose, or empty
  words      bytea     NOT NULL, -- sealed
  written_at timestamp NOT NULL,
  answer     bytea     NOT NULL, -- sealed: the colleague's
  answered_at timestamp,
  ended_at   timestamp,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX worker_support_account ON worker_support (agency_id, account_id, id);
CREATE INDEX worker_support_reader ON worker_support (agency_id, reader_id, id);

-- The marks of the people in a share that has not been taken in, and who of
-- the receiver's workers is tied to them.
CREATE TABLE share_mark (
  agency_id text NOT NULL, -- the receiver
  share_id  text NOT NULL,
  kind      text NOT NULL,
  mark      text NOT NULL,
  PRIMARY KEY (agency_id, share_id, kind, mark),
  FOREIGN KEY (share_id) REFERENCES share (id)
);
CREATE INDEX share_mark_mark ON share_mark (agency_id, mark);

-- What other training counts as, decided by an agency from a day on.
CREATE TABLE training_equivalent (
  agency_id    text      NOT NULL REFERENCES agency (id),
  id           text      NOT NULL,
  training     text      NOT NULL, -- what it is called
  level        bigint    NOT NULL,
  from_on      text      NOT NULL, -- YYYY-MM-DD: for what was completed on or after
  until_on     text,
  decided_by   text      NOT NULL,
  decided_at   timestamp NOT NULL,
  withdrawn_at timestamp,
  PRIMARY KEY (agency_id, id)
);
