-- +goose Up
-- Identifications of risk. A row is never changed; what is learnt later is a
-- new row.
CREATE TABLE risk_identification (
  agency_id     text      NOT NULL,
  id            text      NOT NULL,
  file_id       text      NOT NULL,
  questions     text      NOT NULL, -- question set, url|version
  response      text      NOT NULL, -- FHIR R4 QuestionnaireResponse
  yes_count     bigint    NOT NULL,
  unknown_count bigint    NOT NULL,
  unanswered    bigint    NOT NULL,
  asked         bigint    NOT NULL,
  judgement     text      NOT NULL,
  reason        text      NOT NULL,
  escalation    text      NOT NULL,
  escalation_evidence text NOT NULL,
  repeat        text      NOT NULL,
  repeat_evidence text    NOT NULL,
  views         text      NOT NULL, -- the person's own view of the danger
  review_on     text      NOT NULL,
  act_now       boolean   NOT NULL, -- below the training level, to be justified after
  why_now       text      NOT NULL,
  level         bigint    NOT NULL, -- of the worker on the day
  recorded_at   timestamp NOT NULL,
  recorded_by   text      NOT NULL,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, file_id) REFERENCES file (agency_id, id)
);
CREATE INDEX risk_identification_file ON risk_identification (agency_id, file_id, id);
