-- name: Set :one
SELECT url, version, title, status, items, content, rules, sha256, added_at, added_by, answered_at
FROM question_set WHERE url = $1 AND version = $2;

-- name: Sets :many
SELECT url, version, title, status, items, rules, added_at, added_by, answered_at
FROM question_set ORDER BY url, added_at, version LIMIT $1;

-- name: InsertSet :exec
INSERT INTO question_set (url, version, title, status, items, content, rules, sha256, added_at, added_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: ReplaceSet :execrows
UPDATE question_set SET title = $3, status = $4, items = $5, content = $6, sha256 = $7, added_at = $8, added_by = $9, rules = $10
WHERE url = $1 AND version = $2 AND answered_at IS NULL;

-- name: MarkAnswered :execrows
UPDATE question_set SET answered_at = $3 WHERE url = $1 AND version = $2 AND answered_at IS NULL;
