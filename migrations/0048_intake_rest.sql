-- +goose Up
-- When it came to the team that has it now, from which the clock of that team
-- runs; NULL where it is the team that it was sent to. How old it is follows from
-- arrived_at, wherever it went.
ALTER TABLE ask ADD COLUMN came_at timestamp;

-- What happened to what was asked beside its answer: somebody who was asked
-- because nobody took it saw to it, or it was moved. A row of kind left is all that
-- an agency keeps of what it moved to another one.
CREATE TABLE ask_step (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  ask_id       text      NOT NULL,
  kind         text      NOT NULL, -- seen_to, moved, left, came
  who          text      NOT NULL, -- as in ask
  reference    text      NOT NULL,
  team_id      text      NOT NULL, -- of this agency
  other_agency text      NOT NULL, -- where it went to, or came from
  other_team   text      NOT NULL,
  reason       text      NOT NULL,
  words        bytea     NOT NULL, -- sealed
  made_at      timestamp NOT NULL,
  made_by      text      NOT NULL, -- account; empty where it was somebody of another agency
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX ask_step_ask ON ask_step (agency_id, ask_id, id);
CREATE INDEX ask_step_left ON ask_step (agency_id, id) WHERE kind = 'left';

-- What one page was sent with that began a case and referred: sent twice, it
-- arrives once.
CREATE TABLE referral_once (
  agency_id text NOT NULL,
  once      text NOT NULL,
  file_id   text NOT NULL,
  PRIMARY KEY (agency_id, once)
);
CREATE INDEX referral_once_file ON referral_once (agency_id, file_id);
