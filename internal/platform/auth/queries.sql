-- name: InsertAccount :exec
INSERT INTO account (id, username, name, kind, password_hash, disabled, created_at, version)
VALUES ($1, $2, $3, $4, $5, false, $6, 1);

-- name: AccountByUsername :one
SELECT id, username, name, kind, password_hash, disabled, created_at, version FROM account WHERE username = $1;

-- name: AccountByID :one
SELECT id, username, name, kind, password_hash, disabled, created_at, version FROM account WHERE id = $1;

-- name: CountAccounts :one
SELECT COUNT(*) FROM account;

-- name: SetPassword :execrows
UPDATE account SET password_hash = $2, version = version + 1 WHERE id = $1 AND version = $3;

-- name: SetDisabled :execrows
UPDATE account SET disabled = $2, version = version + 1 WHERE id = $1 AND version = $3;

-- name: InsertSession :exec
INSERT INTO session (token_hash, account_id, created_at, seen_at, locked) VALUES ($1, $2, $3, $4, false);

-- name: SessionAccount :one
SELECT s.account_id, s.created_at, s.seen_at, s.locked, a.username, a.name, a.kind, a.disabled
FROM session s JOIN account a ON a.id = s.account_id
WHERE s.token_hash = $1;

-- name: TouchSession :exec
UPDATE session SET seen_at = $2 WHERE token_hash = $1;

-- name: LockSession :exec
UPDATE session SET locked = $2, seen_at = $3 WHERE token_hash = $1;

-- name: DeleteSession :exec
DELETE FROM session WHERE token_hash = $1;

-- name: DeleteSessionsOf :exec
DELETE FROM session WHERE account_id = $1;

-- name: DeleteSessionsSeenBefore :exec
DELETE FROM session WHERE seen_at < $1;

-- name: InsertInvitation :exec
INSERT INTO invitation (token_hash, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4);

-- name: Invitation :one
SELECT token_hash, account_id, expires_at, used_at FROM invitation WHERE token_hash = $1;

-- name: UseInvitation :execrows
UPDATE invitation SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL;

-- name: WithdrawFirstInvitations :exec
DELETE FROM invitation WHERE account_id IS NULL;

-- name: WithdrawInvitationsOf :exec
DELETE FROM invitation WHERE account_id = $1 AND used_at IS NULL;
