-- name: InsertFact :exec
INSERT INTO fact (id, agency_id, kind, day, at, person_id, file_id, source_kind, source_id, dimensions)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: DeleteFactsOf :exec
DELETE FROM fact WHERE agency_id = $1 AND source_kind = $2 AND source_id = $3;
