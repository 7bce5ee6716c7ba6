-- name: InsertReceived :execrows
-- No row is one that has the id of another, or brings a referral that is there.
INSERT INTO interchange_received (agency_id, message_id, bundle_id, request_id, mark, answer_id, file_id, share_id, received_at, received_by, kind)
VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10) ON CONFLICT DO NOTHING;

-- name: SetReceived :exec
UPDATE interchange_received SET file_id = $3, share_id = $4 WHERE agency_id = $1 AND message_id = $2;

-- name: Received :one
SELECT agency_id, message_id, bundle_id, request_id, mark, answer_id, file_id, share_id, received_at, received_by, kind
FROM interchange_received WHERE agency_id = $1 AND message_id = $2;

-- name: RequestReceived :one
-- The message that brought a referral which its sender calls so.
SELECT agency_id, message_id, bundle_id, request_id, mark, answer_id, file_id, share_id, received_at, received_by, kind
FROM interchange_received WHERE agency_id = $1 AND request_id = $2 AND kind = 'new';

-- name: ForgetReceived :execrows
UPDATE interchange_received SET file_id = '', share_id = '', request_id = '' WHERE agency_id = $1 AND file_id = $2;

-- name: SentReferral :one
SELECT id, share_id, subject, to_agency, to_team FROM referral WHERE agency_id = $1 AND id = $2;

-- name: ReferralOfShare :one
SELECT id, share_id, subject, to_agency, to_team FROM referral WHERE agency_id = $1 AND share_id = $2;

-- name: Endpoint :one
SELECT agency_id, team_id, address, token_address, client_id, secret, scope, known_system, known_value, active, changed_at, changed_by, version
FROM interchange_endpoint WHERE agency_id = $1 AND team_id = $2;

-- name: EndpointsOf :many
SELECT agency_id, team_id, address, token_address, client_id, secret, scope, known_system, known_value, active, changed_at, changed_by, version
FROM interchange_endpoint WHERE agency_id = $1 ORDER BY team_id;

-- name: InsertEndpoint :exec
INSERT INTO interchange_endpoint (agency_id, team_id, address, token_address, client_id, secret, scope, known_system, known_value, active, changed_at, changed_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1);

-- name: ChangeEndpoint :execrows
UPDATE interchange_endpoint SET address = $3, token_address = $4, client_id = $5, secret = $6, scope = $7, known_system = $8, known_value = $9,
  active = $10, changed_at = $11, changed_by = $12, version = version + 1
WHERE agency_id = $1 AND team_id = $2 AND version = $13;

-- name: InsertOutgoing :exec
INSERT INTO interchange_outbox (agency_id, id, file_id, share_id, to_agency, to_team, kind, body, state, tries, next_at, why, told, created_at, faults)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, $9, '', false, $10, 0);

-- name: DropOutgoing :execrows
-- What a share says leaves no more, whatever was tried.
UPDATE interchange_outbox SET state = sqlc.arg(state), why = '', body = sqlc.arg(body), settled_at = sqlc.arg(now)
WHERE agency_id = sqlc.arg(agency_id) AND share_id = sqlc.arg(share_id) AND kind = 'new' AND state IN ('waiting', 'set_aside');

-- name: OutgoingOfShare :many
SELECT o.agency_id, o.id, o.file_id, o.share_id, o.to_agency, o.to_team, o.kind, o.body, o.state, o.tries, o.next_at, o.held_until, o.why, o.told, o.created_at, o.settled_at, o.faults
FROM interchange_outbox o WHERE o.agency_id = $1 AND o.share_id = $2 ORDER BY o.created_at, o.id;

-- name: Heads :many
-- The first message that waits for each team whose endpoint is in use.
SELECT o.agency_id, o.id, o.file_id, o.share_id, o.to_agency, o.to_team, o.kind, o.body, o.state, o.tries, o.next_at, o.held_until, o.why, o.told, o.created_at, o.settled_at, o.faults
FROM interchange_outbox o
JOIN interchange_endpoint e ON e.agency_id = o.to_agency AND e.team_id = o.to_team AND e.active
WHERE o.state = 'waiting' AND NOT EXISTS (
  SELECT 1 FROM interchange_outbox b WHERE b.to_agency = o.to_agency AND b.to_team = o.to_team AND b.state = 'waiting'
    AND (b.created_at, b.id) < (o.created_at, o.id))
ORDER BY o.created_at, o.id;

-- name: Stale :many
-- What is there still although its share was withdrawn or has expired.
SELECT o.agency_id, o.id, o.file_id, o.share_id, o.to_agency, o.to_team, o.kind, o.body, o.state, o.tries, o.next_at, o.held_until, o.why, o.told, o.created_at, o.settled_at, o.faults, s.withdrawn_at
FROM interchange_outbox o JOIN share s ON s.agency_id = o.agency_id AND s.id = o.share_id
WHERE o.state IN ('waiting', 'set_aside') AND o.kind = 'new' AND (s.withdrawn_at IS NOT NULL OR s.expires_at <= sqlc.arg(now))
ORDER BY o.created_at, o.id LIMIT 100;

-- name: Behind :many
-- Those that wait for a team since some time and of which nobody was told.
SELECT o.agency_id, o.id, o.file_id, o.share_id, o.to_agency, o.to_team, o.kind, o.body, o.state, o.tries, o.next_at, o.held_until, o.why, o.told, o.created_at, o.settled_at, o.faults
FROM interchange_outbox o
WHERE o.to_agency = sqlc.arg(to_agency) AND o.to_team = sqlc.arg(to_team) AND o.state = 'waiting' AND NOT o.told AND o.created_at <= sqlc.arg(since)
ORDER BY o.created_at, o.id LIMIT 100;

-- name: MarkTold :execrows
UPDATE interchange_outbox SET told = true WHERE agency_id = $1 AND id = $2 AND state = 'waiting' AND NOT told;

-- name: Hold :execrows
-- What was withdrawn or has expired is not taken in hand.
UPDATE interchange_outbox AS o SET held_until = sqlc.arg(until), tries = tries + 1
WHERE o.agency_id = sqlc.arg(agency_id) AND o.id = sqlc.arg(id) AND o.state = 'waiting' AND o.next_at <= sqlc.arg(now) AND (o.held_until IS NULL OR o.held_until <= sqlc.arg(now))
  AND (o.kind <> 'new' OR EXISTS (SELECT 1 FROM share s WHERE s.agency_id = o.agency_id AND s.id = o.share_id
    AND s.withdrawn_at IS NULL AND s.expires_at > sqlc.arg(now)));

-- name: Settle :execrows
UPDATE interchange_outbox SET state = sqlc.arg(state), why = sqlc.arg(why), body = sqlc.arg(body), held_until = NULL, settled_at = sqlc.arg(now)
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id) AND state = 'waiting';

-- name: Later :execrows
UPDATE interchange_outbox SET why = sqlc.arg(why), next_at = sqlc.arg(next_at), held_until = NULL, told = sqlc.arg(told), faults = sqlc.arg(faults), state = sqlc.arg(state)
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id) AND state = 'waiting';

-- name: TryAgain :execrows
UPDATE interchange_outbox SET next_at = sqlc.arg(now), state = 'waiting', faults = 0
WHERE id = sqlc.arg(id) AND state IN ('waiting', 'set_aside') AND (agency_id = sqlc.arg(agency_id) OR to_agency = sqlc.arg(agency_id));

-- name: EndsOfMessage :one
SELECT agency_id, to_agency FROM interchange_outbox WHERE id = $1;

-- name: OutboxOf :many
SELECT agency_id, id, file_id, share_id, to_agency, to_team, kind, state, tries, next_at, held_until, why, told, created_at, settled_at
FROM interchange_outbox WHERE agency_id = sqlc.arg(agency_id) OR to_agency = sqlc.arg(agency_id) ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(most);

-- name: OutgoingOfFile :many
SELECT id, kind, state, to_agency, to_team, created_at, settled_at FROM interchange_outbox WHERE agency_id = $1 AND file_id = $2 ORDER BY created_at, id;

-- name: ReceivedOfFile :many
SELECT message_id, request_id, received_at, kind FROM interchange_received WHERE agency_id = $1 AND file_id = $2 ORDER BY received_at, message_id;

-- name: DeleteOutgoing :execrows
DELETE FROM interchange_outbox WHERE agency_id = $1 AND file_id = $2;
