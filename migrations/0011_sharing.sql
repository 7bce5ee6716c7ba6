-- +goose Up
-- What one agency sent to another: the envelope. What it says about anybody is
-- in the copies. The row belongs to the sender; after it was sent only the
-- marks of what became of it are ever set, each once.
CREATE TABLE share (
  agency_id       text      NOT NULL, -- the sender
  id              text      NOT NULL,
  file_id         text      NOT NULL, -- the sender's file it was sent from
  person_id       text      NOT NULL, -- whom it is about, as the sender knows them
  reason          text      NOT NULL, -- referral, feedback
  answers         text      NOT NULL, -- the share it answers, or empty
  sender_account  text      NOT NULL,
  sender_team     text      NOT NULL, -- the team of the sender's file, or empty
  to_agency       text      NOT NULL,
  to_team         text      NOT NULL, -- either a team's inbox
  to_account      text      NOT NULL, -- or a named person
  basis           text      NOT NULL, -- lawful basis; empty when acting now
  agreement       text      NOT NULL, -- the sharing agreement; none, and the basis stated
  asked           text      NOT NULL, -- agrees, does_not_agree, not_asked; empty when acting now
  informed        text      NOT NULL, -- yes, unsafe, no; empty when acting now
  tell_on         text      NOT NULL, -- the day to look again at telling them, or empty
  serious_risk    boolean   NOT NULL,
  child_at_risk   boolean   NOT NULL,
  other_ground    boolean   NOT NULL,
  acted_now       boolean   NOT NULL, -- sent first, to be justified after
  due_on          text      NOT NULL, -- the day by which a person should have acknowledged it
  sent_at         timestamp NOT NULL,
  expires_at      timestamp NOT NULL,
  acknowledged_at timestamp,
  acknowledged_by text      NOT NULL,
  settled_at      timestamp,
  outcome         text      NOT NULL, -- accepted, declined, read; empty while it waits
  withdrawn_at    timestamp,
  PRIMARY KEY (agency_id, id),
  UNIQUE (id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id),
  FOREIGN KEY (agency_id, person_id) REFERENCES person (agency_id, id)
);
CREATE INDEX share_file ON share (agency_id, file_id, id);
CREATE INDEX share_waiting ON share (to_agency, id) WHERE acknowledged_at IS NULL;
CREATE INDEX share_inbox ON share (to_agency, id);

-- The words of a share, once for the sender and once for the receiver, each
-- sealed under the key of the agency that holds the copy.
CREATE TABLE share_copy (
  agency_id  text  NOT NULL, -- whose copy
  share_id   text  NOT NULL,
  file_id    text  NOT NULL, -- that agency's file it belongs to; empty until it was taken in
  sender     bytea NOT NULL, -- sealed: the name of the worker who sent it
  protects   bytea NOT NULL, -- sealed: who is protected
  harm       bytea NOT NULL, -- sealed: from what
  rationale  bytea NOT NULL, -- sealed: why the basis and the grounds hold
  view_words bytea NOT NULL, -- sealed: what the person said about it
  view_why   bytea NOT NULL, -- sealed: why they were not asked
  present    bytea NOT NULL, -- sealed: who was there when they said it
  not_told   bytea NOT NULL, -- sealed: why they were not told
  person     bytea NOT NULL, -- sealed: their details, as the sender had them
  PRIMARY KEY (agency_id, share_id),
  FOREIGN KEY (share_id) REFERENCES share (id)
);
CREATE INDEX share_copy_file ON share_copy (agency_id, file_id, share_id);

CREATE TABLE share_item (
  agency_id text   NOT NULL, -- whose copy
  share_id  text   NOT NULL,
  seq       bigint NOT NULL,
  kind      text   NOT NULL,
  title     bytea  NOT NULL, -- sealed
  body      bytea  NOT NULL, -- sealed
  PRIMARY KEY (agency_id, share_id, seq),
  FOREIGN KEY (agency_id, share_id) REFERENCES share_copy (agency_id, share_id)
);

-- Who acknowledged it, by name, for the sender.
CREATE TABLE share_receipt (
  agency_id text  NOT NULL, -- the sender
  share_id  text  NOT NULL,
  name      bytea NOT NULL, -- sealed
  PRIMARY KEY (agency_id, share_id),
  FOREIGN KEY (agency_id, share_id) REFERENCES share (agency_id, id)
);
