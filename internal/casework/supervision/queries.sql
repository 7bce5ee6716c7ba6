-- name: Pair :one
SELECT agency_id, worker_id, supervisor_id, weeks, last_on, next_on FROM supervision_pair WHERE agency_id = $1 AND worker_id = $2;

-- name: Pairs :many
SELECT agency_id, worker_id, supervisor_id, weeks, last_on, next_on FROM supervision_pair WHERE agency_id = $1 ORDER BY next_on, worker_id LIMIT $2;

-- name: SetPair :exec
INSERT INTO supervision_pair (agency_id, worker_id, supervisor_id, weeks, last_on, next_on) VALUES ($1, $2, $3, $4, '', $5)
ON CONFLICT (agency_id, worker_id) DO UPDATE SET supervisor_id = excluded.supervisor_id, weeks = excluded.weeks, next_on = excluded.next_on;

-- name: MetPair :execrows
UPDATE supervision_pair SET last_on = $3, next_on = $4 WHERE agency_id = $1 AND worker_id = $2 AND last_on <= $3;

-- name: OverduePairs :one
SELECT COUNT(*) AS overdue FROM (SELECT worker_id FROM supervision_pair WHERE agency_id = $1 AND next_on < $2 AND supervisor_id = $3 LIMIT 100) AS late;

-- name: InsertMeeting :exec
INSERT INTO supervision_meeting (agency_id, id, worker_id, supervisor_id, held_on, next_on, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: Meetings :many
SELECT agency_id, id, worker_id, supervisor_id, held_on, next_on, recorded_at FROM supervision_meeting
WHERE agency_id = $1 AND worker_id = $2 ORDER BY id DESC LIMIT $3;

-- name: InsertNote :exec
INSERT INTO supervision_note (agency_id, id, file_id, worker_id, words, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: Notes :many
SELECT agency_id, id, file_id, worker_id, words, recorded_at, recorded_by FROM supervision_note
WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: InsertAction :exec
INSERT INTO supervision_action (agency_id, id, file_id, worker_id, due_on, state, task_id, words, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, 1);

-- name: SetAction :execrows
UPDATE supervision_action SET state = $5, words = $6, version = version + 1
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND version = $4 AND state = 'open';

-- name: ActionByID :one
SELECT agency_id, id, file_id, worker_id, due_on, state, task_id, words, recorded_at, recorded_by, version
FROM supervision_action WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: Actions :many
SELECT agency_id, id, file_id, worker_id, due_on, state, task_id, words, recorded_at, recorded_by, version
FROM supervision_action WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: InsertSignOff :exec
INSERT INTO supervision_sign_off (agency_id, id, file_id, worker_id, subject, verdict, words, signed_on, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: SignOffs :many
SELECT agency_id, id, file_id, worker_id, subject, verdict, words, signed_on, recorded_at, recorded_by
FROM supervision_sign_off WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: DeleteNotes :execrows
DELETE FROM supervision_note WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteActions :execrows
DELETE FROM supervision_action WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteSignOffs :execrows
DELETE FROM supervision_sign_off WHERE agency_id = $1 AND file_id = $2;
