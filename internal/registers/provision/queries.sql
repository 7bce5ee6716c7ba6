-- name: InsertService :exec
INSERT INTO area_service (agency_id, id, details, recorded_at, recorded_by, version) VALUES ($1, $2, $3, $4, $5, 1);

-- name: SetService :execrows
UPDATE area_service SET details = $3, ended_at = $4, recorded_at = $5, recorded_by = $6, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $7;

-- name: Services :many
-- The list of the partnership, whichever agency keeps a line.
SELECT s.agency_id, s.id, s.details, s.ended_at, s.version, a.name AS agency
FROM area_service s JOIN agency a ON a.id = s.agency_id ORDER BY s.id LIMIT 2000;

-- name: ServiceAgency :one
-- Whose a line is, which must be known before a rule can judge.
SELECT agency_id FROM area_service WHERE id = $1;
