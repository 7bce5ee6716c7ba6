-- name: InsertLevel :exec
INSERT INTO training_level (agency_id, id, account_id, level, topic, achieved_on, expires_on, source, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: LevelOn :one
SELECT CAST(COALESCE(MAX(level), 0) AS bigint) AS level FROM training_level
WHERE account_id = $1 AND achieved_on <= sqlc.arg(day) AND (expires_on IS NULL OR expires_on >= sqlc.arg(day)) AND withdrawn_at IS NULL;

-- name: History :many
SELECT agency_id, id, account_id, level, topic, achieved_on, expires_on, source, recorded_by, recorded_at, withdrawn_at
FROM training_level WHERE account_id = $1 ORDER BY achieved_on DESC, id DESC;

-- name: LevelByID :one
SELECT agency_id, id, account_id, level, topic, achieved_on, expires_on, source, recorded_by, recorded_at, withdrawn_at
FROM training_level WHERE account_id = $1 AND id = $2;

-- name: Withdraw :execrows
UPDATE training_level SET withdrawn_at = $3 WHERE account_id = $1 AND id = $2 AND withdrawn_at IS NULL;

-- name: InsertEquivalent :exec
INSERT INTO training_equivalent (agency_id, id, training, level, from_on, until_on, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: Equivalents :many
SELECT id, training, level, from_on, until_on, decided_by, decided_at FROM training_equivalent
WHERE agency_id = $1 AND withdrawn_at IS NULL ORDER BY training, from_on, id LIMIT 200;

-- name: EquivalentByID :one
SELECT id, training, level, from_on, until_on, decided_by, decided_at FROM training_equivalent
WHERE agency_id = $1 AND id = $2 AND withdrawn_at IS NULL;

-- name: WithdrawEquivalent :execrows
UPDATE training_equivalent SET withdrawn_at = $3 WHERE agency_id = $1 AND id = $2 AND withdrawn_at IS NULL;
