-- name: Insert :execrows
INSERT INTO circumstance (agency_id, id, file_id, section, root_id, after_id, words, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING;

-- name: OfFile :many
SELECT agency_id, id, file_id, section, root_id, after_id, words, recorded_at, recorded_by
FROM circumstance WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: DeleteOf :execrows
DELETE FROM circumstance WHERE agency_id = $1 AND file_id = $2;
