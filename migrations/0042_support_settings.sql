-- +goose Up
-- What an agency decides about support: within how many hours people are reached for the first time, after how many
-- attempts the risk is looked at, what a case counts for in a caseload. Rows are added, never changed: a case keeps
-- the targets of the moment at which its clock began.
CREATE TABLE support_setting (
  agency_id text      NOT NULL,
  id        text      NOT NULL,
  settings  text      NOT NULL, -- JSON: numbers and nothing else
  set_at    timestamp NOT NULL,
  set_by    text      NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX support_setting_set ON support_setting (agency_id, set_at, id);
