-- name: InsertWebhook :execrows
INSERT INTO webhook (agency_id, id, account_id, address, events, secret, old_secret, state, why, created_at, created_by, changed_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', '', $8, $9, $8, 1) ON CONFLICT (agency_id, account_id, address) DO NOTHING;

-- name: CountOfProgram :one
SELECT COUNT(*) FROM webhook WHERE agency_id = $1 AND account_id = $2;

-- name: WebhookByID :one
SELECT w.agency_id, w.id, w.account_id, a.name, w.address, w.events, w.secret, w.old_secret, w.old_until, w.state, w.why, w.created_at, w.created_by, w.changed_at, w.version
FROM webhook w JOIN account a ON a.id = w.account_id WHERE w.id = $1;

-- name: WebhooksOf :many
SELECT w.agency_id, w.id, w.account_id, a.name, w.address, w.events, w.secret, w.old_secret, w.old_until, w.state, w.why, w.created_at, w.created_by, w.changed_at, w.version
FROM webhook w JOIN account a ON a.id = w.account_id WHERE w.agency_id = $1 ORDER BY w.id;

-- name: Listening :many
SELECT w.agency_id, w.id, w.account_id, w.events FROM webhook w JOIN account a ON a.id = w.account_id
WHERE (w.agency_id = $1 OR w.agency_id = $2) AND NOT a.disabled ORDER BY w.id;

-- name: SetState :execrows
UPDATE webhook SET state = $3, why = $4, changed_at = $5, version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $6;

-- name: PauseFailing :execrows
UPDATE webhook SET state = 'paused', why = $3, changed_at = $4, version = version + 1 WHERE agency_id = $1 AND id = $2 AND state = 'active';

-- name: CountPaused :one
SELECT COUNT(*) FROM webhook WHERE agency_id = $1 AND state = 'paused' AND why <> 'asked';

-- name: SetSecret :execrows
UPDATE webhook SET secret = $3, old_secret = $4, old_until = $5, changed_at = $6, version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $7;

-- name: DeleteTriesOfWebhook :exec
DELETE FROM webhook_try WHERE webhook_try.agency_id = $1 AND webhook_try.delivery_id IN (SELECT d.id FROM webhook_delivery d WHERE d.agency_id = $1 AND d.webhook_id = $2);

-- name: DeleteDeliveriesOfWebhook :exec
DELETE FROM webhook_delivery WHERE agency_id = $1 AND webhook_id = $2;

-- name: DeleteWebhook :execrows
DELETE FROM webhook WHERE agency_id = $1 AND id = $2;

-- name: InsertDelivery :exec
INSERT INTO webhook_delivery (agency_id, id, webhook_id, event, share_id, state, tries, next_at, happened_at)
VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, $6);

-- name: Due :many
SELECT d.agency_id, d.id, d.webhook_id, d.event, d.share_id, d.state, d.tries, d.next_at, d.held_until, d.happened_at, d.settled_at
FROM webhook_delivery d JOIN webhook w ON w.agency_id = d.agency_id AND w.id = d.webhook_id AND w.state = 'active'
WHERE d.state = 'waiting' AND d.next_at <= sqlc.arg(now) AND (d.held_until IS NULL OR d.held_until <= sqlc.arg(now))
ORDER BY d.next_at, d.id LIMIT sqlc.arg(most);

-- name: Hold :execrows
UPDATE webhook_delivery SET held_until = sqlc.arg(until), tries = tries + 1
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id) AND state = 'waiting' AND next_at <= sqlc.arg(now) AND (held_until IS NULL OR held_until <= sqlc.arg(now));

-- name: Settle :execrows
UPDATE webhook_delivery SET state = $3, held_until = NULL, settled_at = $4 WHERE agency_id = $1 AND id = $2 AND state = 'waiting';

-- name: Later :execrows
UPDATE webhook_delivery SET next_at = $3, held_until = NULL WHERE agency_id = $1 AND id = $2 AND state = 'waiting';

-- name: InsertTry :exec
INSERT INTO webhook_try (agency_id, delivery_id, n, at, why) VALUES ($1, $2, $3, $4, $5);

-- name: NextTry :one
SELECT CAST(COALESCE(MAX(n), 0) + 1 AS bigint) AS next FROM webhook_try WHERE agency_id = $1 AND delivery_id = $2;

-- name: Again :execrows
UPDATE webhook_delivery SET state = 'waiting', tries = 0, next_at = $4, settled_at = NULL WHERE agency_id = $1 AND webhook_id = $2 AND id = $3;

-- name: AllAgain :exec
UPDATE webhook_delivery SET tries = 0, next_at = $3 WHERE agency_id = $1 AND webhook_id = $2 AND state = 'waiting';

-- name: DeliveriesOf :many
SELECT agency_id, id, webhook_id, event, share_id, state, tries, next_at, held_until, happened_at, settled_at
FROM webhook_delivery WHERE agency_id = $1 AND webhook_id = $2 ORDER BY happened_at DESC, id DESC LIMIT $3;

-- name: TriesOfWebhook :many
SELECT t.delivery_id, t.n, t.at, t.why FROM webhook_try t
JOIN webhook_delivery d ON d.agency_id = t.agency_id AND d.id = t.delivery_id
WHERE d.agency_id = $1 AND d.webhook_id = $2 ORDER BY t.delivery_id, t.n;

-- name: DeleteOldTries :exec
DELETE FROM webhook_try WHERE EXISTS (
  SELECT 1 FROM webhook_delivery d WHERE d.agency_id = webhook_try.agency_id AND d.id = webhook_try.delivery_id AND d.happened_at < $1);

-- name: DeleteOld :execrows
DELETE FROM webhook_delivery WHERE happened_at < $1;

-- name: ShareOfReferral :one
SELECT share_id FROM referral WHERE agency_id = $1 AND id = $2;

-- name: ShareBehindFile :one
SELECT share_id FROM referral WHERE to_agency = $1 AND receiver_file = $2;

-- name: Ends :one
SELECT agency_id, sender_team, to_agency, to_team, reason FROM share WHERE id = $1;

-- name: DeliveriesOfFile :many
SELECT d.agency_id, d.id, d.event, d.state, d.happened_at FROM webhook_delivery d
WHERE d.agency_id = $1 AND (d.share_id IN (SELECT s.id FROM share s WHERE s.agency_id = $1 AND s.file_id = $2)
  OR d.share_id IN (SELECT r.share_id FROM referral r WHERE r.to_agency = $1 AND r.receiver_file = $2))
ORDER BY d.happened_at, d.id;

-- name: DeleteTriesOfFile :exec
DELETE FROM webhook_try WHERE webhook_try.delivery_id IN (
  SELECT d.id FROM webhook_delivery d WHERE d.agency_id = webhook_try.agency_id AND (
    d.share_id IN (SELECT s.id FROM share s WHERE s.agency_id = $1 AND s.file_id = $2)
    OR (d.agency_id = $1 AND d.share_id IN (SELECT r.share_id FROM referral r WHERE r.to_agency = $1 AND r.receiver_file = $2))));

-- name: DeleteDeliveriesOfFile :execrows
DELETE FROM webhook_delivery WHERE webhook_delivery.share_id IN (SELECT s.id FROM share s WHERE s.agency_id = $1 AND s.file_id = $2)
  OR (webhook_delivery.agency_id = $1 AND webhook_delivery.share_id IN (SELECT r.share_id FROM referral r WHERE r.to_agency = $1 AND r.receiver_file = $2));

-- name: CountOld :one
SELECT COUNT(*) FROM webhook_delivery WHERE happened_at < $1;

-- name: ProgramsOf :many
SELECT a.id, a.name FROM member m JOIN account a ON a.id = m.account_id
WHERE m.agency_id = $1 AND m.ended_at IS NULL AND a.kind = 'service' AND NOT a.disabled ORDER BY a.name, a.id;
