-- +goose Up
-- Of a way of reaching somebody: on which days and at which times it is safe, and whether a message
-- may be left. Null where it was recorded before that was asked.
ALTER TABLE safe_contact ADD COLUMN more bytea; -- sealed

-- For lists that weigh cases by risk.
CREATE INDEX event_risk ON event (agency_id, file_id, kind, id) WHERE kind IN ('risk.identified', 'risk.high');

-- What support knows of a case as a whole.
CREATE TABLE support_case (
  agency_id   text      NOT NULL,
  file_id     text      NOT NULL,
  came        text      NOT NULL, -- self, agency, or empty: as the case came to be
  came_at     timestamp,          -- when the clock of the first contact began; null: with the case
  reached_at  timestamp,          -- when the person was first reached
  cautious_at timestamp,          -- when the one cautious attempt was made
  unanswered  bigint    NOT NULL, -- attempts since the person was last reached
  primary_id  text      NOT NULL, -- the worker who is the person's main contact, or empty
  PRIMARY KEY (agency_id, file_id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);

-- A contact or an attempt: planned, under way, or as it was.
CREATE TABLE support_contact (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  state       text      NOT NULL, -- planned, begun, done, refused, called_off
  outward     boolean   NOT NULL, -- by the worker; otherwise the person made contact
  whom        text      NOT NULL, -- person, professional
  channel     text      NOT NULL,
  message     boolean   NOT NULL, -- a message is left when nobody answers
  at          timestamp NOT NULL, -- when it is planned for, or happened
  outcome     text      NOT NULL, -- empty until it is known
  verdict     text      NOT NULL, -- permitted, cautious, refused; empty for what the person did
  reason      text      NOT NULL, -- why it was refused
  flagged     boolean   NOT NULL, -- it happened though it would have been refused
  task_id     text      NOT NULL,
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX support_contact_file ON support_contact (agency_id, file_id, id);
CREATE INDEX support_contact_next ON support_contact (agency_id, file_id, at) WHERE state = 'planned';

CREATE TABLE support_need (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  domain      text      NOT NULL,
  term        text      NOT NULL, -- immediate, longer_term
  abuse       text      NOT NULL, -- current, recent, historic, or empty: not said
  state       text      NOT NULL, -- open, met, not_met
  treated     text      NOT NULL, -- where it is treated: no, waiting, elsewhere, ended, or empty: not said
  treatment   text      NOT NULL, -- its type, or empty
  trained     text      NOT NULL, -- are they trained in abuse: yes, no, not_known, or empty
  qualified   text      NOT NULL, -- are they qualified clinicians: yes, no, not_known, or empty
  weeks       bigint    NOT NULL, -- after how many weeks risk is looked at again, 0 for no interval
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  version     bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX support_need_file ON support_need (agency_id, file_id, id);

-- What the person wants, in their words, and what is done towards it.
CREATE TABLE support_goal (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  domain      text      NOT NULL,
  state       text      NOT NULL, -- open, reached, changed
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  version     bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX support_goal_file ON support_goal (agency_id, file_id, id);

CREATE TABLE support_action (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  owner       text      NOT NULL, -- an account, or empty: the person
  due_on      text      NOT NULL,
  state       text      NOT NULL, -- open, done, not_done
  task_id     text      NOT NULL,
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  version     bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX support_action_file ON support_action (agency_id, file_id, id);

-- What was considered or offered, and the answer. A row is never changed; the
-- next answer is a new row.
CREATE TABLE support_offer (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  option      text      NOT NULL,
  answer      text      NOT NULL, -- considered, offered, accepted, declined, unsafe, not_suitable
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX support_offer_file ON support_offer (agency_id, file_id, id);

-- A plan of support rests on an identification of risk and on needs.
CREATE TABLE support_plan (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  risk_ref    text      NOT NULL, -- the identification it rests on, or empty
  needs       bigint    NOT NULL, -- how many open needs it rests on
  counts      boolean   NOT NULL, -- it rests on both
  together    boolean   NOT NULL, -- made together with the person
  review_on   text      NOT NULL,
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX support_plan_file ON support_plan (agency_id, file_id, id);

-- How things are, as the person sees it, at intake, review and exit; and what
-- they said of the support.
CREATE TABLE support_outcome (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  stage       text      NOT NULL, -- intake, review, exit, feedback
  happened_on text      NOT NULL,
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX support_outcome_file ON support_outcome (agency_id, file_id, id);
