-- +goose Up
CREATE TABLE agency_counter (
  agency_id text   NOT NULL,
  name      text   NOT NULL,
  value     bigint NOT NULL,
  PRIMARY KEY (agency_id, name)
);

-- One agency's work with one person.
CREATE TABLE file (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  number     bigint    NOT NULL,
  person_id  text      NOT NULL,
  kind       text      NOT NULL,
  origin     text      NOT NULL,
  team_id    text      NOT NULL, -- empty: no team
  lead_id    text      NOT NULL, -- the worker who holds it
  restricted boolean   NOT NULL,
  opened_at  timestamp NOT NULL,
  touched_at timestamp NOT NULL,
  closed_at  timestamp,
  version    bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (id),
  UNIQUE (agency_id, number),
  FOREIGN KEY (agency_id, person_id) REFERENCES person (agency_id, id)
);
CREATE INDEX file_lead ON file (agency_id, lead_id, touched_at, id);
CREATE INDEX file_team ON file (agency_id, team_id, touched_at, id);
CREATE INDEX file_touched ON file (agency_id, touched_at, id);
CREATE INDEX file_person ON file (agency_id, person_id);

-- Who works on it; the lead is among them.
CREATE TABLE involvement (
  agency_id  text      NOT NULL,
  file_id    text      NOT NULL,
  account_id text      NOT NULL,
  since      timestamp NOT NULL,
  PRIMARY KEY (agency_id, file_id, account_id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX involvement_account ON involvement (agency_id, account_id, file_id);

-- Other people who belong to the file, each with a role in it.
CREATE TABLE party (
  agency_id text      NOT NULL,
  file_id   text      NOT NULL,
  person_id text      NOT NULL,
  role      text      NOT NULL,
  relation  text      NOT NULL,
  added_at  timestamp NOT NULL,
  PRIMARY KEY (agency_id, file_id, person_id, role),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id),
  FOREIGN KEY (agency_id, person_id) REFERENCES person (agency_id, id)
);

-- The chronology. Entries are added; a correction is a new entry that names
-- the one it corrects.
CREATE TABLE event (
  agency_id   text      NOT NULL,
  file_id     text      NOT NULL,
  id          text      NOT NULL,
  kind        text      NOT NULL,
  happened_on text      NOT NULL, -- YYYY-MM-DD, YYYY-MM, YYYY or empty: not known
  about       boolean   NOT NULL, -- the day is approximate
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  source      text      NOT NULL, -- another agency's id when it was received
  text        text      NOT NULL,
  ref         text      NOT NULL, -- the record behind it
  PRIMARY KEY (agency_id, file_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);

CREATE TABLE task (
  agency_id  text      NOT NULL,
  id         text      NOT NULL,
  file_id    text      NOT NULL,
  kind       text      NOT NULL,
  due_on     text      NOT NULL,
  team_id    text      NOT NULL, -- whose inbox: a team's
  account_id text      NOT NULL, -- or a person's
  created_at timestamp NOT NULL,
  created_by text      NOT NULL,
  done_at    timestamp,
  done_by    text      NOT NULL,
  done_note  text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX task_account ON task (agency_id, account_id, due_on, id) WHERE done_at IS NULL;
CREATE INDEX task_team ON task (agency_id, team_id, due_on, id) WHERE done_at IS NULL;
CREATE INDEX task_kind ON task (agency_id, kind, due_on, id) WHERE done_at IS NULL;
CREATE INDEX task_file ON task (agency_id, file_id, due_on, id);
