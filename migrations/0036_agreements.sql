-- +goose Up
-- Information-sharing agreements. The row belongs to the agency that writes it;
-- what it says, and who is in it, is with its versions.
CREATE TABLE agreement (
  agency_id  text      NOT NULL, -- who writes it
  id         text      NOT NULL,
  created_at timestamp NOT NULL,
  created_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (id)
);

-- A version: never changed once its signing has begun. Whether a complete one is
-- in force depends on the day, and on whether a later one has taken its place.
CREATE TABLE agreement_version (
  agency_id    text      NOT NULL,
  agreement_id text      NOT NULL,
  number       bigint    NOT NULL,
  state        text      NOT NULL, -- draft, signing, complete, ended
  start_on     text      NOT NULL, -- the first day on which it may be in force, or empty
  review_on    text      NOT NULL, -- the day by which it is to be looked at again, or empty
  document     bytea     NOT NULL, -- sealed: JSON, plain words and rules
  created_at   timestamp NOT NULL,
  created_by   text      NOT NULL,
  signing_at   timestamp,
  complete_at  timestamp,          -- when the last party signed
  ended_at     timestamp,
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, agreement_id, number),
  FOREIGN KEY (agency_id, agreement_id) REFERENCES agreement (agency_id, id)
);

-- Who is in a version, who advises there, and who signed for them.
CREATE TABLE agreement_party (
  agency_id    text      NOT NULL, -- of the agreement
  agreement_id text      NOT NULL,
  number       bigint    NOT NULL,
  party_id     text      NOT NULL, -- the agency that is a party
  contact      text      NOT NULL, -- account of its key contact, or empty
  stand_in     text      NOT NULL, -- account, or empty
  not_for      text      NOT NULL, -- agencies about which the stand-in advises instead, with commas
  words        bytea     NOT NULL, -- sealed: JSON, names and reasons
  signed_at    timestamp,
  signed_by    text      NOT NULL,
  withdrawn_at timestamp,
  withdrawn_by text      NOT NULL,
  PRIMARY KEY (agency_id, agreement_id, number, party_id),
  FOREIGN KEY (agency_id, agreement_id, number) REFERENCES agreement_version (agency_id, agreement_id, number)
);
CREATE INDEX agreement_party_of ON agreement_party (party_id, agreement_id, number);

-- What the agreements in force said of each part of a packet when it was sent.
-- Codes only: it stays with the envelope.
CREATE TABLE share_answer (
  agency_id text    NOT NULL, -- the sender
  share_id  text    NOT NULL,
  part      text    NOT NULL, -- the person, or a kind of item
  effect    text    NOT NULL, -- permit, deny, review
  missing   boolean NOT NULL, -- no clause speaks of it
  clauses   text    NOT NULL, -- agreement/version/clause, with commas
  PRIMARY KEY (agency_id, share_id, part),
  FOREIGN KEY (agency_id, share_id) REFERENCES share (agency_id, id)
);

-- That something left all the same, for the key contact to look at.
CREATE TABLE share_override (
  agency_id   text      NOT NULL, -- the sender
  share_id    text      NOT NULL,
  file_id     text      NOT NULL,
  denied      bigint    NOT NULL, -- parts that a clause denies
  reviewed    bigint    NOT NULL, -- parts that were to be reviewed before
  contact     text      NOT NULL, -- account of the key contact who is asked, or empty: any of the agency's
  reason      bytea     NOT NULL, -- sealed
  due_on      text      NOT NULL,
  made_at     timestamp NOT NULL,
  made_by     text      NOT NULL,
  verdict     text      NOT NULL, -- justified, not_justified, rule; empty while it waits
  words       bytea     NOT NULL, -- sealed: what the key contact wrote
  decided_at  timestamp,
  decided_by  text      NOT NULL,
  PRIMARY KEY (agency_id, share_id),
  FOREIGN KEY (agency_id, share_id) REFERENCES share (agency_id, id)
);
CREATE INDEX share_override_waiting ON share_override (agency_id, due_on, share_id) WHERE verdict = '';
CREATE INDEX share_sent ON share (agency_id, sent_at);
