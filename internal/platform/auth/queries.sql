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
INSERT INTO session (token_hash, id, account_id, created_at, seen_at, locked, factor, strong_at, browser, began)
VALUES ($1, $2, $3, $4, $5, false, $6, $7, $8, $6);

-- name: SessionAccount :one
SELECT s.id, s.account_id, s.created_at, s.seen_at, s.locked, s.factor, s.strong_at, a.username, a.name, a.kind, a.disabled,
  CAST(EXISTS (SELECT 1 FROM second_factor f WHERE f.account_id = s.account_id) AS boolean) AS enrolled
FROM session s JOIN account a ON a.id = s.account_id
WHERE s.token_hash = $1;

-- name: TouchSession :exec
UPDATE session SET seen_at = $2 WHERE token_hash = $1;

-- name: LockSession :exec
UPDATE session SET locked = $2, seen_at = $3 WHERE token_hash = $1;

-- What was proved is written under a new token: one that was seen before the
-- proof opens nothing.
-- name: RotateSession :execrows
UPDATE session SET token_hash = sqlc.arg(new_hash), factor = sqlc.arg(factor), strong_at = sqlc.arg(strong_at), seen_at = sqlc.arg(strong_at)
WHERE token_hash = sqlc.arg(old_hash);

-- name: SessionsOf :many
SELECT token_hash, id, created_at, seen_at, locked, factor, browser FROM session
WHERE account_id = $1 ORDER BY seen_at DESC, id DESC;

-- name: DeleteSession :exec
DELETE FROM session WHERE token_hash = $1;

-- name: DeleteSessionByID :execrows
DELETE FROM session WHERE account_id = $1 AND id = $2;

-- name: DeleteOtherSessions :execrows
DELETE FROM session WHERE account_id = $1 AND token_hash <> $2;

-- name: DeleteSessionsOf :exec
DELETE FROM session WHERE account_id = $1;

-- name: DeleteSessionsBegun :execrows
DELETE FROM session WHERE account_id = $1 AND began = $2;

-- name: DeleteSessionsSeenBefore :exec
DELETE FROM session WHERE seen_at < $1;

-- name: InsertFactor :exec
INSERT INTO second_factor (account_id, id, kind, name, secret, used_step, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: FactorsOf :many
SELECT id, kind, name, secret, used_step, created_at, used_at FROM second_factor WHERE account_id = $1 ORDER BY created_at, id;

-- name: UseStep :execrows
UPDATE second_factor SET used_step = sqlc.arg(step), used_at = sqlc.arg(used_at)
WHERE account_id = $1 AND id = $2 AND used_step < sqlc.arg(step);

-- name: KeepCredential :execrows
UPDATE second_factor SET secret = $3, used_at = $4 WHERE account_id = $1 AND id = $2;

-- name: DeleteFactor :execrows
DELETE FROM second_factor WHERE account_id = $1 AND id = $2;

-- name: DeleteFactorsOf :exec
DELETE FROM second_factor WHERE account_id = $1;

-- name: InsertRecoveryCode :exec
INSERT INTO recovery_code (account_id, code_hash) VALUES ($1, $2);

-- name: UseRecoveryCode :execrows
UPDATE recovery_code SET used_at = $3 WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL;

-- name: CountRecoveryCodes :one
SELECT COUNT(*) FROM recovery_code WHERE account_id = $1 AND used_at IS NULL;

-- name: DeleteRecoveryCodes :exec
DELETE FROM recovery_code WHERE account_id = $1;

-- name: InsertCeremony :exec
INSERT INTO ceremony (token_hash, kind, account_id, data, expires_at) VALUES ($1, $2, $3, $4, $5);

-- name: Ceremony :one
SELECT kind, account_id, data, expires_at FROM ceremony WHERE token_hash = $1;

-- name: DeleteCeremony :execrows
DELETE FROM ceremony WHERE token_hash = $1;

-- name: DeleteCeremoniesBefore :exec
DELETE FROM ceremony WHERE expires_at < $1;

-- name: InsertDraft :exec
INSERT INTO draft (account_id, id, agency_id, sealed, kept_at) VALUES ($1, $2, $3, $4, $5);

-- name: DraftsOf :many
SELECT id, agency_id, sealed, kept_at FROM draft WHERE account_id = $1 ORDER BY kept_at DESC, id DESC LIMIT 20;

-- name: DeleteDraft :execrows
DELETE FROM draft WHERE account_id = $1 AND id = $2;

-- name: DeleteDraftsOf :exec
DELETE FROM draft WHERE account_id = $1;

-- name: DeleteDraftsBefore :exec
DELETE FROM draft WHERE kept_at < $1;

-- name: DraftsOfAgency :many
SELECT account_id, id, sealed FROM draft WHERE agency_id = $1 ORDER BY account_id, id;

-- One more try under a key, if one is left: a row that is not changed says
-- that there is none.
-- name: TakeTry :execrows
INSERT INTO sign_in_try (try_key, due, shut) VALUES (sqlc.arg(try_key), CAST(sqlc.arg(now) AS bigint) + CAST(sqlc.arg(step) AS bigint), false)
ON CONFLICT (try_key) DO UPDATE SET shut = false,
  due = CASE WHEN sign_in_try.due > CAST(sqlc.arg(now) AS bigint) THEN sign_in_try.due ELSE CAST(sqlc.arg(now) AS bigint) END + CAST(sqlc.arg(step) AS bigint)
WHERE sign_in_try.due <= CAST(sqlc.arg(latest) AS bigint);

-- name: GiveBackTry :exec
UPDATE sign_in_try SET due = due - CAST(sqlc.arg(step) AS bigint) WHERE try_key = sqlc.arg(try_key);

-- name: ShutTry :execrows
UPDATE sign_in_try SET shut = true WHERE try_key = $1 AND NOT shut;

-- name: DeleteTriesBefore :exec
DELETE FROM sign_in_try WHERE due < $1;

-- name: InsertWrong :execrows
INSERT INTO sign_in_wrong (hour, network, name) VALUES ($1, $2, $3) ON CONFLICT (hour, network, name) DO NOTHING;

-- name: CountWrong :one
SELECT COUNT(DISTINCT name) AS everywhere, CAST(COUNT(CASE WHEN network = $2 THEN 1 END) AS bigint) AS here
FROM sign_in_wrong WHERE hour = $1;

-- name: DeleteWrongBefore :exec
DELETE FROM sign_in_wrong WHERE hour < $1;

-- name: Vouch :exec
INSERT INTO identity (account_id, issuer, email, vouched_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id) DO UPDATE SET issuer = excluded.issuer, email = excluded.email, subject = NULL, vouched_at = excluded.vouched_at;

-- name: DeleteIdentity :execrows
DELETE FROM identity WHERE account_id = $1;

-- name: IdentityOf :one
SELECT account_id, issuer, email, subject FROM identity WHERE account_id = $1;

-- name: IdentityBySubject :one
SELECT account_id, issuer, email, subject FROM identity WHERE issuer = $1 AND subject = $2;

-- name: IdentityByEmail :one
SELECT account_id, issuer, email, subject FROM identity WHERE issuer = $1 AND email = $2 AND subject IS NULL;

-- name: BindSubject :execrows
UPDATE identity SET subject = $2 WHERE account_id = $1 AND subject IS NULL;

-- name: InsertServiceToken :exec
INSERT INTO service_token (account_id, id, agency_id, name, actions, token_hash, created_by, created_at, expires_at, kind)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: ServiceToken :one
SELECT t.account_id, t.id, t.agency_id, t.actions, t.expires_at, t.revoked_at, a.name, a.kind, a.disabled
FROM service_token t JOIN account a ON a.id = t.account_id
WHERE t.token_hash = $1 AND t.kind = 'token';

-- name: ServiceClient :one
SELECT t.account_id, t.id, t.agency_id, t.actions, t.token_hash, t.expires_at, t.revoked_at, a.kind, a.disabled
FROM service_token t JOIN account a ON a.id = t.account_id
WHERE t.id = $1 AND t.kind = 'client';

-- name: InsertAccessToken :exec
INSERT INTO access_token (account_id, token_hash, client_id, actions, expires_at) VALUES ($1, $2, $3, $4, $5);

-- name: AccessToken :one
SELECT t.account_id, t.id, t.agency_id, x.actions, x.expires_at, t.expires_at AS client_ends, t.revoked_at, a.name, a.kind, a.disabled
FROM access_token x JOIN service_token t ON t.account_id = x.account_id AND t.id = x.client_id JOIN account a ON a.id = t.account_id
WHERE x.token_hash = $1;

-- name: DeleteAccessTokensBefore :exec
DELETE FROM access_token WHERE expires_at <= $1;

-- name: ServiceTokensOf :many
SELECT id, name, actions, created_by, created_at, expires_at, revoked_at, kind FROM service_token WHERE account_id = $1 ORDER BY created_at DESC, id DESC;

-- name: RevokeServiceToken :execrows
UPDATE service_token SET revoked_at = $3 WHERE account_id = $1 AND id = $2 AND revoked_at IS NULL;

-- name: RevokeServiceTokensOf :exec
UPDATE service_token SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL;

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
