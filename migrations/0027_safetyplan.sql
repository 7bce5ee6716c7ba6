-- +goose Up
-- Safety plans, version by version. A row is never changed.
CREATE TABLE safety_plan (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  number      bigint    NOT NULL, -- of the version within the file
  questions   text      NOT NULL, -- question set, url|version
  answers     bytea     NOT NULL, -- sealed: FHIR R4 QuestionnaireResponse without what is kept apart
  apart       bytea     NOT NULL, -- sealed: the one that holds what is kept apart
  has_apart   boolean   NOT NULL,
  together    boolean   NOT NULL, -- made with the person
  why_alone   bytea     NOT NULL, -- sealed: why without them
  present     bytea     NOT NULL, -- sealed: who was there
  views       bytea     NOT NULL, -- sealed: what the person thinks of it
  review_on   text      NOT NULL,
  act_now     boolean   NOT NULL, -- below the training level, to be justified after
  why_now     bytea     NOT NULL, -- sealed
  level       bigint    NOT NULL, -- of the worker on the day
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, file_id, number),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);

-- The newest version of each file and when it is to be looked at again.
CREATE TABLE safety_plan_newest (
  agency_id text   NOT NULL,
  file_id   text   NOT NULL,
  plan_id   text   NOT NULL,
  number    bigint NOT NULL,
  review_on text   NOT NULL,
  PRIMARY KEY (agency_id, file_id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES safety_plan (agency_id, id)
);

-- Looked at again, and still right.
CREATE TABLE safety_plan_review (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  plan_id     text      NOT NULL,
  reason      bytea     NOT NULL, -- sealed
  review_on   text      NOT NULL,
  act_now     boolean   NOT NULL,
  why_now     bytea     NOT NULL, -- sealed
  level       bigint    NOT NULL,
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES safety_plan (agency_id, id)
);
CREATE INDEX safety_plan_review_file ON safety_plan_review (agency_id, file_id, id);

-- What happened, or will, that asks for a look at the plan.
CREATE TABLE safety_plan_change (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  kind        text      NOT NULL,
  happens_on  text      NOT NULL,
  words       bytea     NOT NULL, -- sealed
  due_on      text      NOT NULL, -- by when the plan is looked at
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  settled_at  timestamp,
  settled_by  text      NOT NULL,
  settled_ref text      NOT NULL, -- the version or the review
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX safety_plan_change_file ON safety_plan_change (agency_id, file_id, id);

-- What is to be done, by whom and until when.
CREATE TABLE safety_plan_step (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  plan_id     text      NOT NULL,
  body        bytea     NOT NULL, -- sealed: what is to be done
  owner       text      NOT NULL, -- person, worker, colleague, agency
  account_id  text      NOT NULL, -- of a worker or a colleague
  owner_words bytea     NOT NULL, -- sealed: which other agency
  due_on      text      NOT NULL,
  task_id     text      NOT NULL,
  state       text      NOT NULL, -- open, done, not_done
  note        bytea     NOT NULL, -- sealed
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  settled_at  timestamp,
  settled_by  text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES safety_plan (agency_id, id)
);
CREATE INDEX safety_plan_step_file ON safety_plan_step (agency_id, file_id, id);

-- How the person can hold a version safely, as they said, and each copy made of it.
CREATE TABLE safety_plan_copy (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  plan_id     text      NOT NULL,
  act         text      NOT NULL, -- chosen, printed, given
  form        text      NOT NULL, -- none, spoken, card, page
  words       bytea     NOT NULL, -- sealed: what they said about it
  happened_on text      NOT NULL,
  recorded_at timestamp NOT NULL,
  recorded_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES safety_plan (agency_id, id)
);
CREATE INDEX safety_plan_copy_plan ON safety_plan_copy (agency_id, plan_id, id);
