-- +goose Up
-- A message is a referral, or takes one back. What a sender calls a referral is its own: two messages that bring it at
-- the same time are told apart by the database. Of those that came so before, the first keeps the name.
ALTER TABLE interchange_received ADD COLUMN kind text NOT NULL DEFAULT 'new'; -- new, revoked
UPDATE interchange_received SET request_id = '' WHERE request_id <> '' AND EXISTS (
  SELECT 1 FROM interchange_received b WHERE b.agency_id = interchange_received.agency_id AND b.request_id = interchange_received.request_id
    AND (b.received_at < interchange_received.received_at OR (b.received_at = interchange_received.received_at AND b.message_id < interchange_received.message_id)));
CREATE UNIQUE INDEX interchange_received_request ON interchange_received (agency_id, request_id) WHERE request_id <> '' AND kind = 'new';

-- How often a message could not be read here; after some it is set aside, so that those behind it leave.
ALTER TABLE interchange_outbox ADD COLUMN faults bigint NOT NULL DEFAULT 0;
CREATE INDEX interchange_outbox_open ON interchange_outbox (state, share_id) WHERE state IN ('waiting', 'set_aside');

-- A program has no inbox: what was left in one is for the team that holds the case.
UPDATE task SET account_id = '', team_id = (SELECT f.team_id FROM file f WHERE f.agency_id = task.agency_id AND f.id = task.file_id)
WHERE done_at IS NULL AND account_id IN (SELECT id FROM account WHERE kind = 'service')
  AND EXISTS (SELECT 1 FROM file f WHERE f.agency_id = task.agency_id AND f.id = task.file_id AND f.team_id <> '');
