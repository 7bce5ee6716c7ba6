-- name: InsertHearing :exec
INSERT INTO court_hearing (agency_id, id, file_id, court, on_day, at_time, attends, measures, state, task_id, words, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1);

-- name: SetHearing :execrows
UPDATE court_hearing SET on_day = $5, at_time = $6, attends = $7, measures = $8, state = $9, task_id = $10, words = $11, version = version + 1
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND version = $4 AND state = 'ahead';

-- name: HearingByID :one
SELECT agency_id, id, file_id, court, on_day, at_time, attends, measures, state, task_id, words, recorded_at, recorded_by, version
FROM court_hearing WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: Hearings :many
SELECT agency_id, id, file_id, court, on_day, at_time, attends, measures, state, task_id, words, recorded_at, recorded_by, version
FROM court_hearing WHERE agency_id = $1 AND file_id = $2 ORDER BY on_day DESC, id DESC LIMIT $3;

-- name: InsertOrder :exec
INSERT INTO court_order (agency_id, id, file_id, kind, state, made_on, served_on, expires_on, task_id, words, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1);

-- name: SetOrder :execrows
UPDATE court_order SET state = $5, made_on = $6, served_on = $7, expires_on = $8, task_id = $9, words = $10, version = version + 1
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND version = $4;

-- name: OrderByID :one
SELECT agency_id, id, file_id, kind, state, made_on, served_on, expires_on, task_id, words, recorded_at, recorded_by, version
FROM court_order WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: Orders :many
SELECT agency_id, id, file_id, kind, state, made_on, served_on, expires_on, task_id, words, recorded_at, recorded_by, version
FROM court_order WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: Brief :one
SELECT CAST(COALESCE((SELECT MIN(h.on_day) FROM court_hearing h WHERE h.agency_id = f.agency_id AND h.file_id = f.id AND h.state = 'ahead'), '') AS text) AS next_hearing,
  (SELECT COUNT(*) FROM court_order o WHERE o.agency_id = f.agency_id AND o.file_id = f.id AND o.state = 'made') AS orders,
  CAST(COALESCE((SELECT MIN(o.expires_on) FROM court_order o WHERE o.agency_id = f.agency_id AND o.file_id = f.id AND o.state = 'made' AND o.expires_on <> ''), '') AS text) AS next_end
FROM file f WHERE f.agency_id = $1 AND f.id = $2;

-- name: DeleteHearings :execrows
DELETE FROM court_hearing WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteOrders :execrows
DELETE FROM court_order WHERE agency_id = $1 AND file_id = $2;
