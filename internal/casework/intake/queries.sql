-- name: Doors :many
SELECT agency_id, team_id, from_self, from_known, from_work, words, changed_at, changed_by, version FROM ask_door ORDER BY agency_id, team_id LIMIT $1;

-- name: DoorsOf :many
SELECT agency_id, team_id, from_self, from_known, from_work, words, changed_at, changed_by, version FROM ask_door WHERE agency_id = $1 ORDER BY team_id LIMIT $2;

-- name: DoorOf :one
SELECT agency_id, team_id, from_self, from_known, from_work, words, changed_at, changed_by, version FROM ask_door WHERE agency_id = $1 AND team_id = $2;

-- name: InsertDoor :execrows
INSERT INTO ask_door (agency_id, team_id, from_self, from_known, from_work, words, changed_at, changed_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) ON CONFLICT (agency_id, team_id) DO NOTHING;

-- name: SetDoor :execrows
UPDATE ask_door SET from_self = $3, from_known = $4, from_work = $5, words = $6, changed_at = $7, changed_by = $8, version = version + 1
WHERE agency_id = $1 AND team_id = $2 AND version = $9;

-- name: DeleteDoor :execrows
DELETE FROM ask_door WHERE agency_id = $1 AND team_id = $2 AND version = $3;

-- name: AskOnce :one
SELECT reference FROM ask WHERE once = $1;

-- name: InsertAsk :execrows
INSERT INTO ask (agency_id, id, team_id, who, reference, once, state, danger, due_on, arrived_at, held_by, settled_by, reason, file_id, person_id, words, answer, version, came_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', '', '', '', $11, $12, 1, $13) ON CONFLICT (once) DO NOTHING;

-- name: InsertAskMark :exec
INSERT INTO ask_mark (agency_id, ask_id, whose, kind, mark) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (agency_id, ask_id, whose, kind, mark) DO NOTHING;

-- name: AskByID :one
SELECT agency_id, id, team_id, who, reference, once, state, danger, due_on, arrived_at, held_by, held_at, settled_at, settled_by, reason, file_id, person_id, words, answer, version, came_at
FROM ask WHERE id = $1;

-- name: AskOfFile :many
SELECT agency_id, id, team_id, who, reference, once, state, danger, due_on, arrived_at, held_by, held_at, settled_at, settled_by, reason, file_id, person_id, words, answer, version, came_at
FROM ask WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: TiedToAsk :many
SELECT DISTINCT t.account_id FROM ask_mark m
JOIN worker_mark k ON k.agency_id = m.agency_id AND k.mark = m.mark
JOIN worker_tie t ON t.agency_id = k.agency_id AND t.id = k.tie_id
WHERE m.agency_id = $1 AND m.ask_id = $2 AND t.withdrawn_at IS NULL ORDER BY t.account_id;

-- name: TakeAsk :execrows
UPDATE ask SET state = 'acknowledged', held_by = $3, held_at = $4, version = version + 1 WHERE agency_id = $1 AND id = $2 AND state = 'arrived';

-- name: SettleAsk :execrows
UPDATE ask SET state = $3, settled_at = $4, settled_by = $5, reason = $6, answer = $7, file_id = $8, person_id = $9, version = version + 1
WHERE agency_id = $1 AND id = $2 AND state = 'acknowledged' AND version = $10;

-- name: MoveAsk :execrows
UPDATE ask SET team_id = $3, came_at = $4, due_on = $5, state = 'arrived', held_by = '', held_at = NULL, version = version + 1
WHERE agency_id = $1 AND id = $2 AND state IN ('arrived', 'acknowledged') AND version = $6;

-- name: DeleteAsk :execrows
DELETE FROM ask WHERE agency_id = $1 AND id = $2 AND state IN ('arrived', 'acknowledged', 'declined') AND version = $3;

-- name: DeleteMarks :exec
DELETE FROM ask_mark WHERE agency_id = $1 AND ask_id = $2;

-- name: InsertStep :exec
INSERT INTO ask_step (agency_id, id, ask_id, kind, who, reference, team_id, other_agency, other_team, reason, words, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: StepsOfAsk :many
SELECT agency_id, id, ask_id, kind, who, reference, team_id, other_agency, other_team, reason, words, made_at, made_by
FROM ask_step WHERE agency_id = $1 AND ask_id = $2 AND kind <> 'left' ORDER BY id LIMIT 100;

-- name: DeleteSteps :exec
DELETE FROM ask_step WHERE agency_id = $1 AND ask_id = $2 AND kind <> 'left';

-- name: DeleteLeft :execrows
DELETE FROM ask_step WHERE agency_id = sqlc.arg(agency_id) AND kind = 'left' AND made_at < sqlc.arg(before);

-- name: DeleteStepsOfFile :exec
DELETE FROM ask_step WHERE ask_step.agency_id = sqlc.arg(agency_id) AND ask_id IN (SELECT a.id FROM ask a WHERE a.agency_id = sqlc.arg(agency_id) AND a.file_id = sqlc.arg(file_id));

-- name: FirstLeft :one
SELECT made_at FROM ask_step WHERE agency_id = $1 AND kind = 'left' ORDER BY id LIMIT 1;

-- name: AgenciesWithAsks :many
SELECT x.agency_id FROM (SELECT agency_id FROM ask WHERE file_id = '' UNION SELECT agency_id FROM ask_step WHERE kind = 'left') x ORDER BY x.agency_id LIMIT 1000;

-- name: AsksOver :many
-- What went into no case and to which nothing has happened since.
SELECT id, version FROM ask
WHERE agency_id = sqlc.arg(agency_id) AND file_id = '' AND COALESCE(settled_at, held_at, came_at, arrived_at) < sqlc.arg(before) ORDER BY id LIMIT sqlc.arg(size);

-- name: AsksWaiting :many
SELECT agency_id, id, team_id, who, reference, once, state, danger, due_on, arrived_at, held_by, held_at, settled_at, settled_by, reason, file_id, person_id, words, answer, version, came_at
FROM ask WHERE agency_id = $1 AND state = 'arrived' AND COALESCE(came_at, arrived_at) <= sqlc.arg(before) ORDER BY danger DESC, id LIMIT sqlc.arg(size);

-- name: DeleteMarksOfFile :exec
DELETE FROM ask_mark WHERE ask_mark.agency_id = sqlc.arg(agency_id) AND ask_id IN (SELECT a.id FROM ask a WHERE a.agency_id = sqlc.arg(agency_id) AND a.file_id = sqlc.arg(file_id));

-- name: DeleteAsksOfFile :execrows
DELETE FROM ask WHERE agency_id = $1 AND file_id = $2;

-- name: TakeTry :execrows
INSERT INTO ask_try (try_key, due) VALUES (sqlc.arg(try_key), CAST(sqlc.arg(now) AS bigint) + CAST(sqlc.arg(step) AS bigint))
ON CONFLICT (try_key) DO UPDATE SET
  due = CASE WHEN ask_try.due > CAST(sqlc.arg(now) AS bigint) THEN ask_try.due ELSE CAST(sqlc.arg(now) AS bigint) END + CAST(sqlc.arg(step) AS bigint)
WHERE ask_try.due <= CAST(sqlc.arg(latest) AS bigint);

-- name: DeleteTriesBefore :exec
DELETE FROM ask_try WHERE due < $1;
