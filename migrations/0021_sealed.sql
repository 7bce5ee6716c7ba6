-- +goose Up
-- Words that were plain get a sealed column beside them. What is written from
-- now on is sealed and leaves the plain column empty; what was written before
-- is sealed by the program when it starts, because a migration has no key. The
-- indexes hold the rows that wait for that, and nothing else.
ALTER TABLE event ADD COLUMN text_sealed bytea; -- sealed
CREATE INDEX event_plain ON event (agency_id) WHERE text <> '';

ALTER TABLE task ADD COLUMN done_note_sealed bytea; -- sealed
CREATE INDEX task_plain ON task (agency_id) WHERE done_note <> '';

ALTER TABLE party ADD COLUMN relation_sealed bytea; -- sealed
CREATE INDEX party_plain ON party (agency_id) WHERE relation <> '';

-- Names, dates of birth and the state of contact stay plain: search and lists
-- need them.
ALTER TABLE person ADD COLUMN gender_sealed bytea; -- sealed
ALTER TABLE person ADD COLUMN language_sealed bytea; -- sealed
ALTER TABLE person ADD COLUMN access_needs_sealed bytea; -- sealed
CREATE INDEX person_plain ON person (agency_id) WHERE gender || language || access_needs <> '';

ALTER TABLE risk_identification ADD COLUMN response_sealed bytea; -- sealed
ALTER TABLE risk_identification ADD COLUMN reason_sealed bytea; -- sealed
ALTER TABLE risk_identification ADD COLUMN escalation_evidence_sealed bytea; -- sealed
ALTER TABLE risk_identification ADD COLUMN repeat_evidence_sealed bytea; -- sealed
ALTER TABLE risk_identification ADD COLUMN views_sealed bytea; -- sealed
ALTER TABLE risk_identification ADD COLUMN why_now_sealed bytea; -- sealed
CREATE INDEX risk_identification_plain ON risk_identification (agency_id)
  WHERE response || reason || escalation_evidence || repeat_evidence || views || why_now <> '';

-- What a child said, in their own words, JSON. Its compartment decides who reads
-- it; that there is something is in the answers.
ALTER TABLE enquiry ADD COLUMN child_words bytea; -- sealed
