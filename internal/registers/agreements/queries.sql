-- name: InsertAgreement :exec
INSERT INTO agreement (agency_id, id, created_at, created_by) VALUES ($1, $2, $3, $4);

-- name: InsertVersion :exec
INSERT INTO agreement_version (agency_id, agreement_id, number, state, start_on, review_on, document, created_at, created_by, version)
VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, 1);

-- name: Versions :many
SELECT agency_id, agreement_id, number, state, start_on, review_on, document, created_at, created_by, signing_at, complete_at, ended_at, version
FROM agreement_version WHERE agreement_id = $1 ORDER BY number DESC LIMIT 200;

-- name: Parties :many
SELECT agency_id, agreement_id, number, party_id, contact, stand_in, not_for, words, signed_at, signed_by, withdrawn_at, withdrawn_by
FROM agreement_party WHERE agreement_id = $1 ORDER BY number, party_id LIMIT 5000;

-- name: VersionsOfAgency :many
-- The versions of the agreements that an agency writes or is in.
SELECT v.agency_id, v.agreement_id, v.number, v.state, v.start_on, v.review_on, v.document, v.created_at, v.created_by, v.signing_at, v.complete_at, v.ended_at, v.version
FROM agreement_version v
WHERE v.agency_id = sqlc.arg(agency_id) OR EXISTS (SELECT 1 FROM agreement_party p WHERE p.party_id = sqlc.arg(agency_id) AND p.agreement_id = v.agreement_id)
ORDER BY v.agreement_id, v.number DESC LIMIT 1000;

-- name: PartiesOfAgency :many
SELECT p.agency_id, p.agreement_id, p.number, p.party_id, p.contact, p.stand_in, p.not_for, p.words, p.signed_at, p.signed_by, p.withdrawn_at, p.withdrawn_by
FROM agreement_party p
WHERE p.agency_id = sqlc.arg(agency_id) OR EXISTS (SELECT 1 FROM agreement_party q WHERE q.party_id = sqlc.arg(agency_id) AND q.agreement_id = p.agreement_id)
ORDER BY p.agreement_id, p.number, p.party_id LIMIT 20000;

-- name: AllVersions :many
SELECT agency_id, agreement_id, number, state, start_on, review_on, document, created_at, created_by, signing_at, complete_at, ended_at, version
FROM agreement_version ORDER BY agreement_id, number DESC LIMIT 5000;

-- name: AllParties :many
SELECT agency_id, agreement_id, number, party_id, contact, stand_in, not_for, words, signed_at, signed_by, withdrawn_at, withdrawn_by
FROM agreement_party ORDER BY agreement_id, number, party_id;

-- name: Revision :one
-- What grows with every change, so that another set may be in force; but for the day.
SELECT CAST(COALESCE(SUM(version), 0) AS bigint) AS changes FROM agreement_version;

-- name: Completed :many
SELECT agency_id, agreement_id, number, state, start_on, review_on, document, created_at, created_by, signing_at, complete_at, ended_at, version
FROM agreement_version WHERE state IN ('complete', 'ended') ORDER BY agreement_id, number DESC;

-- name: ReplaceDraft :execrows
UPDATE agreement_version SET document = $4, start_on = $5, review_on = $6, version = agreement_version.version + 1
WHERE agency_id = $1 AND agreement_id = $2 AND number = $3 AND agreement_version.version = sqlc.arg(was) AND state = 'draft';

-- name: SetState :execrows
UPDATE agreement_version SET state = sqlc.arg(state), signing_at = sqlc.arg(signing_at), complete_at = sqlc.arg(complete_at), ended_at = sqlc.arg(ended_at),
  version = agreement_version.version + 1
WHERE agency_id = sqlc.arg(agency_id) AND agreement_id = sqlc.arg(agreement_id) AND number = sqlc.arg(number) AND agreement_version.version = sqlc.arg(was);

-- name: InsertParty :exec
INSERT INTO agreement_party (agency_id, agreement_id, number, party_id, contact, stand_in, not_for, words, signed_by, withdrawn_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '');

-- name: DeleteParty :exec
DELETE FROM agreement_party WHERE agency_id = $1 AND agreement_id = $2 AND number = $3 AND party_id = $4;

-- name: SetContact :execrows
UPDATE agreement_party SET contact = $5, stand_in = $6, not_for = $7, words = $8
WHERE agency_id = $1 AND agreement_id = $2 AND number = $3 AND party_id = $4 AND signed_at IS NULL;

-- name: Sign :execrows
UPDATE agreement_party SET contact = $5, stand_in = $6, not_for = $7, words = $8, signed_at = $9, signed_by = $10, withdrawn_at = NULL, withdrawn_by = ''
WHERE agency_id = $1 AND agreement_id = $2 AND number = $3 AND party_id = $4 AND signed_at IS NULL;

-- name: WithdrawParty :execrows
UPDATE agreement_party SET words = $5, signed_at = NULL, withdrawn_at = $6, withdrawn_by = $7
WHERE agency_id = $1 AND agreement_id = $2 AND number = $3 AND party_id = $4 AND signed_at IS NOT NULL;

-- name: KeyContactsOf :one
-- How many people at an agency could sign for it.
SELECT CAST(COUNT(*) AS bigint) AS number FROM member m JOIN account c ON c.id = m.account_id
WHERE m.agency_id = $1 AND m.ended_at IS NULL AND (m.until IS NULL OR m.until > sqlc.arg(now)) AND c.kind = 'human' AND NOT c.disabled AND m.roles LIKE '%key_contact%';

-- name: AtWork :one
-- Somebody at work at an agency, with what they do there.
SELECT c.name, m.roles FROM member m JOIN account c ON c.id = m.account_id
WHERE m.agency_id = $1 AND m.account_id = $2 AND m.ended_at IS NULL AND c.kind = 'human' AND NOT c.disabled;

-- name: Advisers :many
-- The key contacts and managers of an agency, by name.
SELECT c.id, c.name, m.roles FROM member m JOIN account c ON c.id = m.account_id
WHERE m.agency_id = $1 AND m.ended_at IS NULL AND (m.until IS NULL OR m.until > sqlc.arg(now)) AND c.kind = 'human' AND NOT c.disabled
  AND (m.roles LIKE '%key_contact%' OR m.roles LIKE '%manager%')
ORDER BY c.name, c.id LIMIT 200;

-- name: Places :many
-- The open directory: every agency, and every team of it.
SELECT a.id, a.code, a.name, CAST(COALESCE(t.id, '') AS text) AS team_id, CAST(COALESCE(t.code, '') AS text) AS team_code, CAST(COALESCE(t.name, '') AS text) AS team_name
FROM agency a LEFT JOIN team t ON t.agency_id = a.id ORDER BY a.name, a.id, t.name, t.id LIMIT 5000;
