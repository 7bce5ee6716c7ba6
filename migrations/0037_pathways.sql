-- +goose Up
-- The versions of local pathways that a partnership has published. A document
-- is about nobody. A version is never changed; one that is withdrawn says when.
CREATE TABLE pathway_version (
  pathway      text      NOT NULL,
  number       bigint    NOT NULL,
  document     text      NOT NULL, -- JSON
  published_at timestamp NOT NULL,
  published_by text      NOT NULL, -- account or operator
  withdrawn_at timestamp,
  withdrawn_by text      NOT NULL,
  PRIMARY KEY (pathway, number)
);

-- What workers said of the steps of a pathway on a case. The latest of a step
-- counts; the earlier ones stay.
CREATE TABLE pathway_answer (
  agency_id   text      NOT NULL,
  id          text      NOT NULL,
  file_id     text      NOT NULL,
  pathway     text      NOT NULL,
  number      bigint    NOT NULL, -- of the version that was shown
  step        text      NOT NULL,
  state       text      NOT NULL, -- planned, done, declined
  on_day      text      NOT NULL, -- until when it is planned
  task_id     text      NOT NULL,
  words       bytea     NOT NULL, -- sealed: JSON
  answered_at timestamp NOT NULL,
  answered_by text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX pathway_answer_file ON pathway_answer (agency_id, file_id, id);
