-- name: Insert :exec
INSERT INTO letter (agency_id, id, file_id, template, way, state, words, flagged, made_at, made_by, settled_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '');

-- name: OfFile :many
SELECT agency_id, id, file_id, template, way, state, words, flagged, made_at, made_by, settled_at, settled_by
FROM letter WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: Count :one
SELECT count(*) FROM letter WHERE agency_id = $1 AND file_id = $2;

-- name: ByID :one
SELECT agency_id, id, file_id, template, way, state, words, flagged, made_at, made_by, settled_at, settled_by
FROM letter WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: Settle :execrows
UPDATE letter SET state = $4, words = $5, flagged = $6, settled_at = $7, settled_by = $8
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND state = 'made';

-- name: DeleteOf :execrows
DELETE FROM letter WHERE agency_id = $1 AND file_id = $2;

-- name: InsertText :execrows
INSERT INTO letter_text (agency_id, id, root_id, number, state, ways, words, made_at, made_by, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')
ON CONFLICT DO NOTHING;

-- name: Texts :many
SELECT agency_id, id, root_id, number, state, ways, words, made_at, made_by, decided_at, decided_by
FROM letter_text WHERE agency_id = $1 ORDER BY id DESC LIMIT $2;

-- name: TextsInUse :many
SELECT agency_id, id, root_id, number, state, ways, words, made_at, made_by, decided_at, decided_by
FROM letter_text WHERE agency_id = $1 AND state = 'approved' ORDER BY id LIMIT $2;

-- name: TextAgency :one
-- Whose a text is, which must be known before a rule can judge.
SELECT agency_id FROM letter_text WHERE id = $1;

-- name: TextByID :one
SELECT agency_id, id, root_id, number, state, ways, words, made_at, made_by, decided_at, decided_by
FROM letter_text WHERE agency_id = $1 AND id = $2;

-- name: LastOfText :one
SELECT CAST(COALESCE(MAX(number), 0) AS bigint) AS number FROM letter_text WHERE agency_id = $1 AND root_id = $2;

-- name: DecideText :execrows
UPDATE letter_text SET state = $4, words = $5, decided_at = $6, decided_by = $7
WHERE agency_id = $1 AND id = $2 AND state = $3;

-- name: RetireOthers :exec
UPDATE letter_text SET state = 'retired', decided_at = $4, decided_by = $5
WHERE agency_id = $1 AND root_id = $2 AND id <> $3 AND state = 'approved';
