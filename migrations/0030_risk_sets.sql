-- +goose Up
-- What a question set means for risk is loaded with it: which score counts, what an answer calls for,
-- what is local. It changes no more than the set does.
ALTER TABLE question_set ADD COLUMN rules text NOT NULL DEFAULT '';

-- kind is assessment or follow_up; danger is high, open or not_high. last_referral and repeat_on are days, repeat_rule is which of the published
-- rules applied on the day. aside are answers to questions that were no longer asked.
ALTER TABLE risk_identification ADD COLUMN kind text NOT NULL DEFAULT 'assessment';
ALTER TABLE risk_identification ADD COLUMN danger text NOT NULL DEFAULT '';
ALTER TABLE risk_identification ADD COLUMN total text NOT NULL DEFAULT '';
ALTER TABLE risk_identification ADD COLUMN incidents text NOT NULL DEFAULT '';
ALTER TABLE risk_identification ADD COLUMN last_referral text NOT NULL DEFAULT '';
ALTER TABLE risk_identification ADD COLUMN repeat_on text NOT NULL DEFAULT '';
ALTER TABLE risk_identification ADD COLUMN repeat_crime text NOT NULL DEFAULT '';
ALTER TABLE risk_identification ADD COLUMN repeat_rule text NOT NULL DEFAULT '';
ALTER TABLE risk_identification ADD COLUMN aside_sealed bytea; -- sealed

UPDATE risk_identification SET danger =
  CASE WHEN yes_count >= 14 OR judgement = 'high' THEN 'high'
       WHEN judgement = 'unclear' OR unknown_count + unanswered > 0 THEN 'open' ELSE 'not_high' END;

-- Answers that are not recorded yet: one worker's, about one file, to one set.
CREATE TABLE risk_draft (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  file_id      text      NOT NULL,
  account_id   text      NOT NULL,
  questions    text      NOT NULL, -- question set, url|version
  kind         text      NOT NULL,
  after_id     text      NOT NULL, -- the assessment the worker had before them
  words_sealed bytea     NOT NULL, -- sealed
  started_at   timestamp NOT NULL,
  saved_at     timestamp NOT NULL,
  expires_at   timestamp NOT NULL,
  version      bigint    NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, file_id, account_id, questions),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX risk_draft_expires ON risk_draft (agency_id, expires_at);

-- When the risk of a file is to be looked at again: one row a file, that of its newest assessment.
CREATE TABLE risk_review (
  agency_id     text NOT NULL,
  file_id       text NOT NULL,
  assessment_id text NOT NULL,
  due_on        text NOT NULL, -- YYYY-MM-DD
  danger        text NOT NULL,
  PRIMARY KEY (agency_id, file_id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX risk_review_due ON risk_review (agency_id, due_on, file_id);
INSERT INTO risk_review (agency_id, file_id, assessment_id, due_on, danger)
SELECT i.agency_id, i.file_id, i.id, i.review_on, i.danger
FROM risk_identification i
WHERE i.review_on <> '' AND NOT EXISTS (
  SELECT 1 FROM risk_identification n WHERE n.agency_id = i.agency_id AND n.file_id = i.file_id AND n.id > i.id
);

-- Which of the published rules of a repeat an agency goes by, and since when. Rows are added, never changed.
CREATE TABLE risk_repeat_rule (
  agency_id    text      NOT NULL,
  id           text      NOT NULL,
  rule         text      NOT NULL, -- any_abuse or crime
  applies_from text      NOT NULL, -- YYYY-MM-DD
  set_at       timestamp NOT NULL,
  set_by       text      NOT NULL,
  PRIMARY KEY (agency_id, id)
);
