-- +goose Up
-- The files that a worker was given emergency access to, for their caseload.
CREATE INDEX emergency_access_account ON emergency_access (agency_id, account_id, expires_at, file_id);
