-- +goose Up
-- What agencies took on at a MARAC. There are two copies of each, under the same id: one of the MARAC, and one of
-- the agency that took it on, which keeps it when the pack has closed. Only their words are sealed apart.
CREATE TABLE marac_action (
  agency_id      text      NOT NULL, -- whose copy it is
  id             text      NOT NULL,
  marac_id       text      NOT NULL, -- the MARAC
  owner_id       text      NOT NULL, -- the agency that took it on
  meeting_id     text      NOT NULL, -- at which; empty when it came by a list
  case_id        text      NOT NULL, -- of the MARAC
  file_id        text      NOT NULL, -- of the MARAC: it goes with it
  number         text      NOT NULL, -- of the case
  kind           text      NOT NULL, -- action, feedback: to tell the person what was agreed
  account_id     text      NOT NULL, -- to whom it was given there; empty for nobody yet
  target         text      NOT NULL, -- victim, child, adult_at_risk, perpetrator, staff
  due_on         text      NOT NULL, -- YYYY-MM-DD
  manager_on     text      NOT NULL, -- from when a manager of the owner is asked
  coordinator_on text      NOT NULL, -- and the coordinator of the MARAC
  state          text      NOT NULL, -- open, done, not_done, no_longer_possible
  answered_on    text      NOT NULL, -- YYYY-MM-DD; empty while it is open
  source         text      NOT NULL, -- the line of a list that it came by; empty for none
  words_sealed   bytea     NOT NULL, -- sealed: JSON: what is done, about whom
  recorded_at    timestamp NOT NULL,
  recorded_by    text      NOT NULL,
  version        bigint    NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE UNIQUE INDEX marac_action_id ON marac_action (id, agency_id);
CREATE INDEX marac_action_owner ON marac_action (agency_id, owner_id, state, due_on, id);
CREATE INDEX marac_action_marac ON marac_action (agency_id, marac_id, state, due_on, id);
CREATE INDEX marac_action_case ON marac_action (agency_id, case_id, due_on, id);
CREATE INDEX marac_action_meeting ON marac_action (agency_id, meeting_id, state, due_on, id);
CREATE INDEX marac_action_file ON marac_action (marac_id, file_id);
CREATE UNIQUE INDEX marac_action_source ON marac_action (agency_id, source) WHERE source <> '';

-- What became of it, each time: nothing is written over. In two copies as well.
CREATE TABLE marac_action_step (
  agency_id    text      NOT NULL, -- whose copy it is
  id           text      NOT NULL,
  action_id    text      NOT NULL,
  marac_id     text      NOT NULL,
  file_id      text      NOT NULL, -- of the MARAC
  kind         text      NOT NULL, -- added, changed, given, done, not_done, no_longer_possible, chased
  words_sealed bytea     NOT NULL, -- sealed: JSON: what was said, by whom
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX marac_action_step_action ON marac_action_step (agency_id, action_id, id);
CREATE INDEX marac_action_step_file ON marac_action_step (marac_id, file_id);

-- A list that was brought along, as it was checked. Nothing of it is on the register until it is taken.
CREATE TABLE marac_list (
  agency_id    text      NOT NULL, -- the MARAC
  id           text      NOT NULL,
  kind         text      NOT NULL, -- register, actions
  hash         text      NOT NULL, -- keyed: of what was brought, so that it is known again
  lines        bigint    NOT NULL,
  state        text      NOT NULL, -- checked, taken, discarded
  words_sealed bytea     NOT NULL, -- sealed: JSON: its lines; empty once it was taken or discarded
  taken        bigint    NOT NULL, -- how many lines were taken
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX marac_list_recorded ON marac_list (agency_id, recorded_at, id);
