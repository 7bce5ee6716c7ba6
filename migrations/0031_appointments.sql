-- +goose Up
-- Where an agency meets people. What a place is called is sealed: a name can give away what it is.
CREATE TABLE meeting_place (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  kind        text      NOT NULL, -- office, clinic, community, court, other
  neutral     boolean   NOT NULL, -- the name says nothing of abuse to whoever hears it
  active      boolean   NOT NULL,
  before_min  bigint    NOT NULL, -- minutes kept clear before an appointment there
  after_min   bigint    NOT NULL, -- and after it
  name_sealed bytea     NOT NULL, -- sealed
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  version     bigint    NOT NULL,
  PRIMARY KEY (agency_id, id)
);

CREATE TABLE meeting_room (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  place_id    text      NOT NULL,
  active      boolean   NOT NULL,
  name_sealed bytea     NOT NULL, -- sealed
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, place_id) REFERENCES meeting_place (agency_id, id)
);
CREATE INDEX meeting_room_place ON meeting_room (agency_id, place_id, id);

CREATE TABLE appointment (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  file_id      text      NOT NULL,
  person_id    text      NOT NULL, -- with whom: the person of the file, or a child of it
  worker_id    text      NOT NULL,
  way          text      NOT NULL, -- place, elsewhere, telephone, video
  place_id     text      NOT NULL, -- empty unless it is at a place
  room_id      text      NOT NULL,
  starts_at    timestamp NOT NULL,
  ends_at      timestamp NOT NULL,
  busy_from    timestamp NOT NULL, -- with what is kept clear before
  busy_until   timestamp NOT NULL, -- and after
  slot_at      timestamp NOT NULL, -- when the slot was last set
  alone        boolean   NOT NULL, -- they are to be seen alone
  interpreter  text      NOT NULL, -- how language is met, or empty: not needed
  locality     boolean   NOT NULL, -- the interpreter comes from another locality
  state        text      NOT NULL, -- asked, booked, cancelled, declined, attended, not_attended, left
  cancelled_by text      NOT NULL, -- person, service, or empty
  told         boolean   NOT NULL, -- the person knows of it as it stands
  moves        bigint    NOT NULL, -- how often it was moved
  must_move    boolean   NOT NULL,
  move_task    text      NOT NULL, -- the id that the task to move it has, or will have
  ask_task     text      NOT NULL, -- the task of the manager who is asked
  asked_by     text      NOT NULL, -- who booked this slot, or asked for it
  allowed_at   timestamp,          -- when a manager let it stand
  allowed_by   text      NOT NULL,
  words_sealed bytea     NOT NULL, -- sealed: JSON
  recorded_at  timestamp NOT NULL,
  recorded_by  text      NOT NULL,
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX appointment_file ON appointment (agency_id, file_id, starts_at, id);
CREATE INDEX appointment_worker ON appointment (agency_id, worker_id, starts_at, id);
CREATE INDEX appointment_day ON appointment (agency_id, starts_at, id);
CREATE INDEX appointment_must_move ON appointment (agency_id, id) WHERE must_move;

-- A worker's own appointments for a calendar program, by a secret address.
CREATE TABLE calendar_feed (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  account_id text      NOT NULL,
  token_hash text      NOT NULL,
  created_at timestamp NOT NULL,
  revoked_at timestamp,
  PRIMARY KEY (agency_id, id)
);
CREATE UNIQUE INDEX calendar_feed_token ON calendar_feed (token_hash);
CREATE INDEX calendar_feed_account ON calendar_feed (agency_id, account_id, id);
