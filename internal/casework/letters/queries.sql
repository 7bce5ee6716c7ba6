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
