-- name: Insert :exec
INSERT INTO enquiry (agency_id, id, file_id, person_id, happened_on, setting, asked, counts, disclosed, level, definition, answers,
  asked_by, recorded_by, recorded_at, corrects, child_words, replaced_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '', 1);

-- name: ByID :one
SELECT id, person_id, counts, level, definition, answers, child_words, asked_by, recorded_by, recorded_at, corrects, replaced_by, version
FROM enquiry WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: Replace :execrows
UPDATE enquiry SET replaced_by = sqlc.arg(successor), version = version + 1
WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND id = sqlc.arg(id)
  AND version = sqlc.arg(version) AND replaced_by = '';

-- name: Newest :many
SELECT id, person_id, counts, level, definition, answers, child_words, asked_by, recorded_by, recorded_at, corrects, replaced_by, version
FROM enquiry WHERE agency_id = $1 AND file_id = $2 AND replaced_by = '' ORDER BY happened_on DESC, id DESC LIMIT $3;

-- name: NewestThatCounts :one
SELECT id FROM enquiry
WHERE agency_id = $1 AND file_id = $2 AND replaced_by = '' AND counts ORDER BY happened_on DESC, id DESC LIMIT 1;

-- name: All :many
SELECT id, person_id, counts, level, definition, answers, child_words, asked_by, recorded_by, recorded_at, corrects, replaced_by, version
FROM enquiry WHERE agency_id = $1 AND file_id = $2 ORDER BY happened_on, id;

-- name: SetAnswers :execrows
UPDATE enquiry SET answers = sqlc.arg(answers), child_words = sqlc.arg(child_words), version = version + 1
WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND id = sqlc.arg(id);

-- name: DeleteAll :execrows
DELETE FROM enquiry WHERE agency_id = $1 AND file_id = $2;
