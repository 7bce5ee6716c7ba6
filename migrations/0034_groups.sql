-- +goose Up
-- Groups that a team runs, and groups that somebody else runs and that are only offered. What a group is
-- called, and by whom it is run, is sealed: a name can give away what it is.
CREATE TABLE support_group (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  team_id      text      NOT NULL, -- which team runs it, or keeps it
  kind         text      NOT NULL,
  side         text      NOT NULL, -- experiencing, perpetrating, children
  ours         boolean   NOT NULL, -- we run it; otherwise it is only offered
  closed       boolean   NOT NULL, -- whoever joins, joins at the beginning
  confidential text      NOT NULL, -- yes, no, not_known
  capacity     bigint    NOT NULL, -- 0: there is no limit
  way          text      NOT NULL, -- place, elsewhere, video
  place_id     text      NOT NULL, -- empty unless it is at a place
  room_id      text      NOT NULL,
  minutes      bigint    NOT NULL,
  state        text      NOT NULL, -- active, ended
  words_sealed bytea     NOT NULL, -- sealed: JSON
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, id)
);

-- Who runs a group, and did.
CREATE TABLE group_facilitator (
  agency_id  text      NOT NULL,
  group_id   text      NOT NULL,
  account_id text      NOT NULL,
  since      timestamp NOT NULL,
  until_at   timestamp,
  PRIMARY KEY (agency_id, group_id, account_id, since),
  FOREIGN KEY (agency_id, group_id) REFERENCES support_group (agency_id, id)
);
CREATE INDEX group_facilitator_account ON group_facilitator (agency_id, account_id, group_id);

CREATE TABLE group_session (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  group_id    text      NOT NULL,
  way         text      NOT NULL,
  place_id    text      NOT NULL,
  room_id     text      NOT NULL,
  starts_at   timestamp NOT NULL,
  ends_at     timestamp NOT NULL,
  busy_from   timestamp NOT NULL, -- with what is kept clear before
  busy_until  timestamp NOT NULL, -- and after
  slot_at     timestamp NOT NULL, -- when the slot was last set
  state       text      NOT NULL, -- planned, cancelled
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  version     bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, group_id) REFERENCES support_group (agency_id, id)
);
CREATE INDEX group_session_group ON group_session (agency_id, group_id, starts_at, id);
CREATE INDEX group_session_day ON group_session (agency_id, starts_at, id);

-- A group that was offered to somebody of a case, with what became of it.
CREATE TABLE group_member (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  file_id      text      NOT NULL,
  person_id    text      NOT NULL, -- the person of the file, or a child of it
  group_id     text      NOT NULL,
  state        text      NOT NULL, -- thinking, declined, not_safe, waiting, asked, refused, joined, left
  reason       text      NOT NULL, -- why declined, or why they left
  since        timestamp NOT NULL, -- when it was first offered; who waits is served in this order
  joined_at    timestamp,
  left_at      timestamp,
  must_move    boolean   NOT NULL,
  move_task    text      NOT NULL, -- the id that the task to move has, or will have
  ask_task     text      NOT NULL, -- the task of the manager who is asked
  asked_by     text      NOT NULL, -- who put them into the group, or asked for it
  allowed_at   timestamp,          -- when a manager let it stand
  allowed_by   text      NOT NULL,
  words_sealed bytea     NOT NULL, -- sealed: JSON
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id),
  FOREIGN KEY (agency_id, group_id) REFERENCES support_group (agency_id, id)
);
CREATE INDEX group_member_file ON group_member (agency_id, file_id, id);
CREATE INDEX group_member_group ON group_member (agency_id, group_id, state, since, id);
CREATE INDEX group_member_must_move ON group_member (agency_id, id) WHERE must_move;

CREATE TABLE group_attendance (
  agency_id   text      NOT NULL,
  session_id  text      NOT NULL,
  member_id   text      NOT NULL,
  file_id     text      NOT NULL,
  outcome     text      NOT NULL, -- attended, not_attended, cancelled, not_safe
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, session_id, member_id),
  FOREIGN KEY (agency_id, session_id) REFERENCES group_session (agency_id, id),
  FOREIGN KEY (agency_id, member_id) REFERENCES group_member (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX group_attendance_file ON group_attendance (agency_id, file_id, session_id);

-- How support is offered where people may be identified. It is about services, not about a person.
CREATE TABLE setting_offer (
  agency_id    text      NOT NULL, -- whose line it is
  id           text      NOT NULL,
  setting      text      NOT NULL,
  how          text      NOT NULL, -- on_site, visits, referral, information
  since_on     text      NOT NULL, -- YYYY-MM-DD
  until_on     text      NOT NULL, -- empty while it goes on
  reviewed_on  text      NOT NULL,
  review_on    text      NOT NULL, -- when it is looked at again
  words_sealed bytea     NOT NULL, -- sealed: JSON: where, by whom, what was agreed
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX setting_offer_setting ON setting_offer (setting, agency_id, id);
