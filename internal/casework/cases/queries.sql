-- name: NextNumber :one
INSERT INTO agency_counter (agency_id, name, value) VALUES ($1, 'file', 1)
ON CONFLICT (agency_id, name) DO UPDATE SET value = agency_counter.value + 1
RETURNING value;

-- name: InsertFile :exec
INSERT INTO file (agency_id, id, number, person_id, kind, origin, team_id, lead_id, restricted, opened_at, touched_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, false, $9, $10, 1);

-- name: FileByID :one
SELECT agency_id, id, number, person_id, kind, origin, team_id, lead_id, restricted, opened_at, touched_at, closed_at, version
FROM file WHERE id = $1;

-- name: Workers :many
SELECT account_id FROM involvement WHERE agency_id = $1 AND file_id = $2 ORDER BY account_id;

-- name: InsertInvolvement :exec
INSERT INTO involvement (agency_id, file_id, account_id, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (agency_id, file_id, account_id) DO NOTHING;

-- name: HandOver :execrows
UPDATE file SET team_id = $3, lead_id = $4, touched_at = $5, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $6;

-- name: TouchFile :exec
UPDATE file SET touched_at = $3, kind = $4 WHERE agency_id = $1 AND id = $2;

-- name: InsertParty :exec
INSERT INTO party (agency_id, file_id, person_id, role, relation, added_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: Parties :many
SELECT p.person_id, p.role, p.relation, n.given_name, n.family_name, n.known_as, n.born
FROM party p JOIN person n ON n.agency_id = p.agency_id AND n.id = p.person_id
WHERE p.agency_id = $1 AND p.file_id = $2 ORDER BY p.added_at, p.person_id;

-- name: InsertEvent :exec
INSERT INTO event (agency_id, file_id, id, kind, happened_on, about, recorded_at, recorded_by, source, text, ref)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: EventsBefore :many
SELECT id, kind, happened_on, about, recorded_at, recorded_by, source, text, ref
FROM event WHERE agency_id = $1 AND file_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- name: EventsByID :many
SELECT id, kind, happened_on, about, recorded_at, recorded_by, source, text, ref
FROM event WHERE agency_id = $1 AND file_id = $2 ORDER BY id LIMIT $3;

-- name: LastEvents :many
SELECT id, kind, happened_on, about, recorded_at, recorded_by, source, text, ref
FROM event WHERE agency_id = $1 AND file_id = $2 AND kind = $3 ORDER BY id DESC LIMIT $4;

-- name: InsertTask :exec
INSERT INTO task (agency_id, id, file_id, kind, due_on, team_id, account_id, created_at, created_by, done_by, done_note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '');

-- name: FinishTask :execrows
UPDATE task SET done_at = $3, done_by = $4, done_note = $5 WHERE agency_id = $1 AND id = $2 AND file_id = $6 AND done_at IS NULL;

-- name: FinishTasksOfKind :exec
UPDATE task SET done_at = $4, done_by = $5, done_note = $6 WHERE agency_id = $1 AND file_id = $2 AND kind = $3 AND done_at IS NULL;

-- name: OpenTasks :many
SELECT id, kind, due_on, team_id, account_id, created_at, created_by
FROM task WHERE agency_id = $1 AND file_id = $2 AND done_at IS NULL ORDER BY due_on, id LIMIT 50;

-- name: MyTasks :many
SELECT t.id, t.file_id, t.kind, t.due_on, t.team_id, t.account_id, f.number
FROM task t JOIN file f ON f.agency_id = t.agency_id AND f.id = t.file_id
WHERE t.agency_id = sqlc.arg(agency_id) AND t.account_id = sqlc.arg(account_id) AND t.done_at IS NULL AND (t.due_on > sqlc.arg(after_due) OR (t.due_on = sqlc.arg(after_due) AND t.id > sqlc.arg(after_id)))
ORDER BY t.due_on, t.id LIMIT sqlc.arg(most);

-- name: TeamTasks :many
SELECT t.id, t.file_id, t.kind, t.due_on, t.team_id, t.account_id, f.number
FROM task t JOIN file f ON f.agency_id = t.agency_id AND f.id = t.file_id
WHERE t.agency_id = sqlc.arg(agency_id) AND t.team_id = sqlc.arg(team_id) AND t.done_at IS NULL AND (t.due_on > sqlc.arg(after_due) OR (t.due_on = sqlc.arg(after_due) AND t.id > sqlc.arg(after_id)))
ORDER BY t.due_on, t.id LIMIT sqlc.arg(most);

-- name: AgencyTasksOfKind :many
SELECT t.id, t.file_id, t.kind, t.due_on, t.team_id, t.account_id, f.number
FROM task t JOIN file f ON f.agency_id = t.agency_id AND f.id = t.file_id
WHERE t.agency_id = sqlc.arg(agency_id) AND t.kind = sqlc.arg(kind) AND t.done_at IS NULL AND f.restricted = false
ORDER BY t.due_on, t.id LIMIT sqlc.arg(most);
