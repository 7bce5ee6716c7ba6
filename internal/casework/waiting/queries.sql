-- name: InsertEntry :exec
INSERT INTO waiting_entry (agency_id, id, file_id, service, ours, domain, priority, since_on, review_on, state, reason, ended_on, words, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1);

-- name: SetEntry :execrows
UPDATE waiting_entry SET review_on = $5, state = $6, reason = $7, ended_on = $8, version = version + 1
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND version = $4 AND state IN ('waiting', 'offered');

-- name: SetPriority :exec
UPDATE waiting_entry SET priority = $3 WHERE agency_id = $1 AND file_id = $2 AND state IN ('waiting', 'offered');

-- name: EntryByID :one
SELECT agency_id, id, file_id, service, ours, domain, priority, since_on, review_on, state, reason, ended_on, words, recorded_at, recorded_by, version
FROM waiting_entry WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: Entries :many
SELECT agency_id, id, file_id, service, ours, domain, priority, since_on, review_on, state, reason, ended_on, words, recorded_at, recorded_by, version
FROM waiting_entry WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: InsertLook :exec
INSERT INTO waiting_look (agency_id, id, file_id, entry_id, state, reason, words, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: Looks :many
SELECT agency_id, id, file_id, entry_id, state, reason, words, recorded_at, recorded_by
FROM waiting_look WHERE agency_id = $1 AND entry_id = $2 ORDER BY id DESC LIMIT $3;

-- name: LooksOfFile :many
SELECT agency_id, id, file_id, entry_id, state, reason, words, recorded_at, recorded_by
FROM waiting_look WHERE agency_id = $1 AND file_id = $2 ORDER BY id LIMIT $3;

-- name: OpenEntries :one
SELECT COUNT(*) AS open, CAST(COALESCE(MIN(review_on), '') AS text) AS review_on
FROM waiting_entry WHERE agency_id = $1 AND file_id = $2 AND state IN ('waiting', 'offered');

-- name: DeleteLooks :execrows
DELETE FROM waiting_look WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteEntries :execrows
DELETE FROM waiting_entry WHERE agency_id = $1 AND file_id = $2;
