-- +goose Up
-- A local pathway that is being worked on: one at most of each, which all who may publish share. It says nothing of anybody.
CREATE TABLE pathway_draft (
  pathway    text      NOT NULL PRIMARY KEY,
  document   text      NOT NULL, -- JSON
  version    bigint    NOT NULL,
  changed_at timestamp NOT NULL,
  changed_by text      NOT NULL -- account or operator
);
