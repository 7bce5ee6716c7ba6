-- +goose Up
-- Who supervises whose work, and how often they meet about it.
CREATE TABLE supervision_pair (
  agency_id     text   NOT NULL,
  worker_id     text   NOT NULL,
  supervisor_id text   NOT NULL,
  weeks         bigint NOT NULL,
  last_on       text   NOT NULL, -- empty: they have not met yet
  next_on       text   NOT NULL,
  PRIMARY KEY (agency_id, worker_id)
);
CREATE INDEX supervision_pair_next ON supervision_pair (agency_id, next_on, worker_id);

-- The meetings. A row says nothing of any case.
CREATE TABLE supervision_meeting (
  agency_id     text      NOT NULL,
  id            text      NOT NULL,
  worker_id     text      NOT NULL,
  supervisor_id text      NOT NULL,
  held_on       text      NOT NULL,
  next_on       text      NOT NULL,
  recorded_at   timestamp NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX supervision_meeting_worker ON supervision_meeting (agency_id, worker_id, id);

-- What supervision brought up about a case.
CREATE TABLE supervision_note (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  worker_id   text      NOT NULL, -- who held the case
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX supervision_note_file ON supervision_note (agency_id, file_id, id);

CREATE TABLE supervision_action (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  worker_id   text      NOT NULL,
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
CREATE INDEX supervision_action_file ON supervision_action (agency_id, file_id, id);

CREATE TABLE supervision_sign_off (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  worker_id   text      NOT NULL, -- whose work it is
  subject     text      NOT NULL, -- high_risk, closure, case
  verdict     text      NOT NULL, -- agreed, not_agreed
  words       bytea     NOT NULL, -- sealed: JSON
  signed_on   text      NOT NULL,
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX supervision_sign_off_file ON supervision_sign_off (agency_id, file_id, id);

-- What somebody waits for, or could not have.
CREATE TABLE waiting_entry (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  service     text      NOT NULL,
  ours        boolean   NOT NULL, -- our own service; otherwise another
  domain      text      NOT NULL, -- the part of life the need is in
  priority    bigint    NOT NULL, -- by the newest identification of risk: 1 high, 2 not identified, 3 not high
  since_on    text      NOT NULL,
  review_on   text      NOT NULL, -- by when they are spoken to again; empty when it ended
  state       text      NOT NULL, -- waiting, offered, taken_up, declined, withdrawn, not_available
  reason      text      NOT NULL, -- coded; empty while it goes on
  ended_on    text      NOT NULL,
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  version     bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX waiting_entry_file ON waiting_entry (agency_id, file_id, id);
CREATE INDEX waiting_entry_list ON waiting_entry (agency_id, priority, since_on, id) WHERE state IN ('waiting', 'offered');

-- Each look at it: contact while they wait, an offer, how it ended.
CREATE TABLE waiting_look (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  entry_id    text      NOT NULL,
  state       text      NOT NULL,
  reason      text      NOT NULL,
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, entry_id) REFERENCES waiting_entry (agency_id, id)
);
CREATE INDEX waiting_look_entry ON waiting_look (agency_id, entry_id, id);
CREATE INDEX waiting_look_file ON waiting_look (agency_id, file_id, id);

CREATE TABLE court_hearing (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  court       text      NOT NULL, -- criminal, family, civil, other
  on_day      text      NOT NULL,
  at_time     text      NOT NULL, -- HH:MM or empty
  attends     text      NOT NULL, -- yes, remote, no, not_decided
  measures    text      NOT NULL, -- special measures: not_asked, asked, granted, refused, not_needed
  state       text      NOT NULL, -- ahead, held, moved, cancelled
  task_id     text      NOT NULL,
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  version     bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX court_hearing_file ON court_hearing (agency_id, file_id, id);
CREATE INDEX court_hearing_ahead ON court_hearing (agency_id, on_day, id) WHERE state = 'ahead';

CREATE TABLE court_order (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  kind        text      NOT NULL,
  state       text      NOT NULL, -- applied, made, refused, ended
  made_on     text      NOT NULL,
  served_on   text      NOT NULL, -- empty: not served, as far as is known
  expires_on  text      NOT NULL, -- empty: no end, or not known
  task_id     text      NOT NULL,
  words       bytea     NOT NULL, -- sealed: JSON
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  version     bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX court_order_file ON court_order (agency_id, file_id, id);
CREATE INDEX court_order_ends ON court_order (agency_id, expires_on, id) WHERE state = 'made' AND expires_on <> '';
