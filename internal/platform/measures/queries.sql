-- name: InsertFact :exec
INSERT INTO fact (id, agency_id, kind, day, at, person_id, file_id, source_kind, source_id, dimensions)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: DeleteFactsOf :exec
DELETE FROM fact WHERE agency_id = $1 AND source_kind = $2 AND source_id = $3;

-- name: FactsOfFile :many
SELECT DISTINCT source_kind, source_id FROM fact WHERE agency_id = $1 AND file_id = $2 ORDER BY source_kind, source_id;

-- name: PeopleOfFacts :many
SELECT DISTINCT person_id FROM fact WHERE agency_id = $1 AND file_id = $2 ORDER BY person_id;

-- name: RenameSource :exec
UPDATE fact SET source_id = sqlc.arg(new_id) WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND source_kind = sqlc.arg(source_kind) AND source_id = sqlc.arg(source_id);

-- name: RenamePerson :exec
UPDATE fact SET person_id = sqlc.arg(new_id) WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND person_id = sqlc.arg(person_id);

-- name: RenameFile :execrows
UPDATE fact SET file_id = sqlc.arg(new_id) WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id);
