-- name: InsertAccess :exec
INSERT INTO subject_access (agency_id, id, file_id, request_id, state, pressed, holding, seen_by, talk, talked_by, due_on, submitted_by, returned, released_by, given, mark, ended_why, version, received_on)
VALUES ($1, $2, $3, $4, 'asked', '', '', $5, $6, '', $7, '', $8, '', '', '', $9, 1, $10);

-- name: Access :one
SELECT agency_id, id, file_id, request_id, state, pressed, holding, seen_by, talk, talked_at, talked_by, due_on, collected_at, submitted_at, submitted_by,
  returned, released_at, released_by, given, mark, ended_why, version, received_on
FROM subject_access WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: AccessesOf :many
SELECT agency_id, id, file_id, request_id, state, pressed, holding, seen_by, talk, talked_at, talked_by, due_on, collected_at, submitted_at, submitted_by,
  returned, released_at, released_by, given, mark, ended_why, version, received_on
FROM subject_access WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 50;

-- name: SetTalk :execrows
UPDATE subject_access SET state = $4, pressed = $5, holding = $6, seen_by = $7, talk = $8, talked_at = $9, talked_by = $10, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $3 AND state IN ('asked', 'preparing');

-- name: SetCollected :execrows
UPDATE subject_access SET collected_at = $4, version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $3 AND state = 'preparing';

-- name: Touch :execrows
UPDATE subject_access SET version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $3 AND state = 'preparing';

-- name: Submit :execrows
UPDATE subject_access SET state = 'waiting', submitted_at = $4, submitted_by = $5, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $3 AND state = 'preparing';

-- name: SendBack :execrows
UPDATE subject_access SET state = 'preparing', returned = $4, version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $3 AND state = 'waiting';

-- name: Release :execrows
UPDATE subject_access SET state = 'released', released_at = $4, released_by = $5, given = $6, mark = $7, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $3 AND state = 'waiting';

-- name: EndAccess :execrows
UPDATE subject_access SET state = 'ended', ended_why = $4, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $3 AND state IN ('asked', 'preparing', 'waiting');

-- name: SetDue :execrows
UPDATE subject_access SET due_on = $4, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $3 AND state IN ('asked', 'preparing');

-- name: InsertTime :exec
INSERT INTO subject_access_time (agency_id, id, access_id, kind, since_on, until_on, months, why, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9);

-- name: EndTime :execrows
UPDATE subject_access_time SET until_on = $4 WHERE agency_id = $1 AND access_id = $2 AND id = $3 AND until_on = '' AND months = 0;

-- name: Times :many
SELECT id, kind, since_on, until_on, months, why, recorded_at, recorded_by FROM subject_access_time
WHERE agency_id = $1 AND access_id = $2 ORDER BY id;

-- name: DeleteTimes :execrows
DELETE FROM subject_access_time WHERE subject_access_time.agency_id = sqlc.arg(agency_id)
  AND access_id IN (SELECT a.id FROM subject_access a WHERE a.agency_id = sqlc.arg(agency_id) AND a.file_id = sqlc.arg(file_id));

-- name: InsertHand :exec
INSERT INTO subject_access_hand (agency_id, access_id, account_id) VALUES ($1, $2, $3)
ON CONFLICT (agency_id, access_id, account_id) DO NOTHING;

-- name: Hands :many
SELECT account_id FROM subject_access_hand WHERE agency_id = $1 AND access_id = $2 ORDER BY account_id;

-- name: InsertItem :exec
INSERT INTO subject_access_item (agency_id, access_id, seq, part, ref, source, compartment, tags, happened_on, content, decision, reason, note, cuts, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', $12, $13, '');

-- name: Items :many
SELECT seq, part, ref, source, compartment, tags, happened_on, content, decision, reason, note, cuts, decided_by, decided_at
FROM subject_access_item WHERE agency_id = $1 AND access_id = $2 ORDER BY seq;

-- name: RefreshItem :execrows
-- What changed since it was collected. What was decided about it stands as a
-- proposal, under its new decision.
UPDATE subject_access_item SET source = $4, compartment = $5, tags = $6, happened_on = $7, content = $8, decision = $9
WHERE agency_id = $1 AND access_id = $2 AND seq = $3;

-- name: DecideItem :execrows
UPDATE subject_access_item SET decision = $4, reason = $5, note = $6, cuts = $7, decided_by = $8, decided_at = $9
WHERE agency_id = $1 AND access_id = $2 AND seq = $3;

-- name: EmptyItems :exec
UPDATE subject_access_item SET content = sqlc.arg(nothing), note = sqlc.arg(nothing), cuts = sqlc.arg(nothing)
WHERE subject_access_item.agency_id = sqlc.arg(agency_id) AND part = sqlc.arg(part) AND ref = sqlc.arg(ref)
  AND access_id IN (SELECT a.id FROM subject_access a WHERE a.agency_id = sqlc.arg(agency_id) AND a.file_id = sqlc.arg(file_id));

-- name: InsertSchedule :exec
INSERT INTO retention_schedule (agency_id, id, kind, months, authority, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: EndSchedules :exec
UPDATE retention_schedule SET ended_at = $3 WHERE agency_id = $1 AND kind = $2 AND ended_at IS NULL;

-- name: Schedules :many
SELECT id, kind, months, authority, decided_by, decided_at FROM retention_schedule WHERE agency_id = $1 AND ended_at IS NULL ORDER BY kind;

-- name: InsertHold :exec
INSERT INTO legal_hold (agency_id, id, file_id, reason, words, set_at, set_by, lifted_by, lifted_why) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8);

-- name: LiftHold :execrows
UPDATE legal_hold SET lifted_at = $4, lifted_by = $5, lifted_why = $6 WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND lifted_at IS NULL;

-- name: Holds :many
SELECT id, reason, words, set_at, set_by, lifted_at, lifted_by, lifted_why FROM legal_hold WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 50;

-- name: InsertDestruction :exec
INSERT INTO destruction (agency_id, id, file_id, number, kind, schedule_id, months, authority, verdict, why, keep_until, reviewed_at, reviewed_by, destroyed_by, counts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '');

-- name: LastDestruction :one
SELECT id, file_id, number, kind, schedule_id, months, authority, verdict, why, keep_until, reviewed_at, reviewed_by, destroyed_at, destroyed_by, counts
FROM destruction WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 1;

-- name: Destroyed :execrows
UPDATE destruction SET destroyed_at = $4, destroyed_by = $5, counts = $6 WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND destroyed_at IS NULL AND verdict = 'destroy';

-- name: EmptyReviews :exec
UPDATE destruction SET why = $3 WHERE agency_id = $1 AND file_id = $2;

-- name: Certificate :one
SELECT agency_id, id, file_id, number, kind, schedule_id, months, authority, verdict, why, keep_until, reviewed_at, reviewed_by, destroyed_at, destroyed_by, counts
FROM destruction WHERE id = $1 AND destroyed_at IS NOT NULL;

-- name: Certificates :many
SELECT id, file_id, number, kind, schedule_id, months, authority, verdict, why, keep_until, reviewed_at, reviewed_by, destroyed_at, destroyed_by, counts
FROM destruction WHERE agency_id = $1 AND destroyed_at IS NOT NULL ORDER BY id DESC LIMIT 100;

-- name: InsertCorrection :exec
INSERT INTO correction (agency_id, id, file_id, request_id, kind, part, ref, asked, asked_at, asked_by, state, reason, decided_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'asked', $11, '', 1);

-- name: Corrections :many
SELECT id, request_id, kind, part, ref, asked, asked_at, asked_by, state, reason, decided_at, decided_by, version
FROM correction WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 100;

-- name: DecideCorrection :execrows
UPDATE correction SET state = $5, reason = $6, decided_at = $7, decided_by = $8, version = version + 1
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND version = $4 AND state = 'asked';

-- name: EmptyCorrections :exec
UPDATE correction SET asked = $5 WHERE agency_id = $1 AND file_id = $2 AND part = $3 AND ref = $4;

-- name: DeleteItems :execrows
DELETE FROM subject_access_item WHERE subject_access_item.agency_id = sqlc.arg(agency_id)
  AND access_id IN (SELECT a.id FROM subject_access a WHERE a.agency_id = sqlc.arg(agency_id) AND a.file_id = sqlc.arg(file_id));

-- name: DeleteHands :execrows
DELETE FROM subject_access_hand WHERE subject_access_hand.agency_id = sqlc.arg(agency_id)
  AND access_id IN (SELECT a.id FROM subject_access a WHERE a.agency_id = sqlc.arg(agency_id) AND a.file_id = sqlc.arg(file_id));

-- name: DeleteAccesses :execrows
DELETE FROM subject_access WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteHolds :execrows
DELETE FROM legal_hold WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteCorrections :execrows
DELETE FROM correction WHERE agency_id = $1 AND file_id = $2;
