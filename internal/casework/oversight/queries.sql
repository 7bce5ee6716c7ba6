-- name: TrailFile :one
SELECT agency_id, id, number, lead_id FROM file WHERE id = $1;

-- name: TrailFacts :many
-- What rules ask of a trail, in one statement.
SELECT 'worker' AS fact, i.account_id AS value FROM involvement i WHERE i.agency_id = sqlc.arg(agency_id) AND i.file_id = sqlc.arg(file_id)
UNION ALL
SELECT 'tied', c.account_id FROM conflict_of_interest c WHERE c.agency_id = sqlc.arg(agency_id) AND c.file_id = sqlc.arg(file_id) AND c.lifted_at IS NULL
UNION ALL
SELECT 'across', i.account_id FROM couple o JOIN involvement i ON i.agency_id = o.agency_id AND i.file_id = o.other_file WHERE o.agency_id = sqlc.arg(agency_id) AND o.file_id = sqlc.arg(file_id)
ORDER BY 1, 2;

-- name: FileNumbered :one
SELECT id FROM file WHERE agency_id = $1 AND number = $2;

-- name: PeopleOf :many
-- The person of a file; a party has a row of their own in each file.
SELECT person_id FROM file WHERE agency_id = $1 AND id = $2;

-- name: FilesMarked :many
-- The files of an agency with somebody in them to whom a mark belongs.
SELECT f.id, f.number FROM person_mark m JOIN file f ON f.agency_id = m.agency_id AND f.person_id = m.person_id
WHERE m.agency_id = sqlc.arg(agency_id) AND m.mark = sqlc.arg(mark)
UNION
SELECT f.id, f.number FROM person_mark m JOIN party p ON p.agency_id = m.agency_id AND p.person_id = m.person_id
JOIN file f ON f.agency_id = p.agency_id AND f.id = p.file_id
WHERE m.agency_id = sqlc.arg(agency_id) AND m.mark = sqlc.arg(mark)
ORDER BY 2 LIMIT 50;

-- name: TiedFiles :many
-- The files that are not there for an account.
SELECT file_id FROM conflict_of_interest WHERE agency_id = $1 AND account_id = $2 AND lifted_at IS NULL;

-- name: TiedWorkers :many
-- Whoever was ever tied to the people of a file, or works on the other side.
SELECT account_id FROM conflict_of_interest c WHERE c.agency_id = sqlc.arg(agency_id) AND c.file_id = sqlc.arg(file_id)
UNION
SELECT i.account_id FROM couple o JOIN involvement i ON i.agency_id = o.agency_id AND i.file_id = o.other_file
WHERE o.agency_id = sqlc.arg(agency_id) AND o.file_id = sqlc.arg(file_id);

-- name: Place :one
SELECT seq, at FROM oversight_place WHERE id = 1;

-- name: MovePlace :execrows
-- Of two who looked through the same entries, one moves it.
INSERT INTO oversight_place (id, seq, at) VALUES (1, sqlc.arg(seq), sqlc.arg(at))
ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, at = excluded.at WHERE oversight_place.seq = sqlc.arg(was);

-- name: AddWorkerDay :exec
INSERT INTO worker_day (agency_id, account_id, on_day, first_seq, last_seq, entries, refused) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (agency_id, account_id, on_day) DO UPDATE SET
  last_seq = excluded.last_seq, entries = worker_day.entries + excluded.entries, refused = worker_day.refused + excluded.refused;

-- name: AddOpened :exec
INSERT INTO opened_file (agency_id, account_id, on_hour, file_id, way, times) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (agency_id, account_id, on_hour, file_id) DO UPDATE SET way = excluded.way, times = opened_file.times + excluded.times;

-- name: WorkerDays :many
SELECT on_day, entries, refused FROM worker_day
WHERE agency_id = $1 AND account_id = $2 AND on_day < sqlc.arg(before) ORDER BY on_day DESC LIMIT sqlc.arg(size);

-- name: WorkerDay :one
SELECT on_day, first_seq, last_seq, entries, refused FROM worker_day WHERE agency_id = $1 AND account_id = $2 AND on_day = $3;

-- name: OpenedOn :many
-- The files a worker opened between two hours.
SELECT o.on_hour, o.file_id, o.way, o.times, f.number FROM opened_file o JOIN file f ON f.agency_id = o.agency_id AND f.id = o.file_id
WHERE o.agency_id = sqlc.arg(agency_id) AND o.account_id = sqlc.arg(account_id) AND o.on_hour >= sqlc.arg(since) AND o.on_hour < sqlc.arg(until)
ORDER BY o.on_hour, o.file_id LIMIT sqlc.arg(size);

-- name: OpenedBy :many
-- How often a worker opened a file, by hour.
SELECT times FROM opened_file WHERE agency_id = $1 AND file_id = $2 AND account_id = $3;

-- name: FindingsOf :many
-- What was proposed about one worker and one hour, day or file.
SELECT id, turn, settled_at FROM finding WHERE agency_id = $1 AND kind = $2 AND account_id = $3 AND period = $4 ORDER BY turn DESC;

-- name: FindingFilesFor :many
-- The files that were proposed about one worker and one hour, day or file.
SELECT y.finding_id, y.file_id FROM finding n JOIN finding_file y ON y.agency_id = n.agency_id AND y.finding_id = n.id
WHERE n.agency_id = $1 AND n.kind = $2 AND n.account_id = $3 AND n.period = $4;

-- name: InsertFinding :exec
INSERT INTO finding (agency_id, id, kind, account_id, period, turn, detail, threshold, found_at, settled_by, verdict, words)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10);

-- name: InsertFindingFile :exec
INSERT INTO finding_file (agency_id, finding_id, file_id, times) VALUES ($1, $2, $3, $4)
ON CONFLICT (agency_id, finding_id, file_id) DO UPDATE SET times = excluded.times;

-- name: FindingByID :one
SELECT agency_id, id, kind, account_id, period, turn, detail, threshold, found_at, settled_at, settled_by, verdict, words
FROM finding WHERE agency_id = $1 AND id = $2;

-- name: FindingFiles :many
SELECT y.file_id, y.times, f.number FROM finding_file y JOIN file f ON f.agency_id = y.agency_id AND f.id = y.file_id
WHERE y.agency_id = $1 AND y.finding_id = $2 ORDER BY f.number LIMIT 500;

-- name: FindingTied :many
SELECT DISTINCT x.account_id FROM finding_file y JOIN conflict_of_interest x ON x.agency_id = y.agency_id AND x.file_id = y.file_id
WHERE y.agency_id = $1 AND y.finding_id = $2 AND x.lifted_at IS NULL;

-- name: SettleFinding :execrows
UPDATE finding SET settled_at = $3, settled_by = $4, verdict = $5, words = $6 WHERE agency_id = $1 AND id = $2 AND settled_at IS NULL;

-- name: Setting :one
SELECT many_files, supervised, worker_names FROM oversight_setting WHERE agency_id = $1;

-- name: PutSetting :exec
INSERT INTO oversight_setting (agency_id, many_files, supervised, worker_names, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (agency_id) DO UPDATE SET
  many_files = excluded.many_files, supervised = excluded.supervised, worker_names = excluded.worker_names,
  decided_by = excluded.decided_by, decided_at = excluded.decided_at;

-- name: InsertReport :exec
INSERT INTO person_report (agency_id, id, file_id, way, words, present, up_to, asked_at, asked_by, printed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '');

-- name: ReportByID :one
SELECT agency_id, id, file_id, way, words, present, up_to, asked_at, asked_by, printed_at, printed_by FROM person_report WHERE id = $1;

-- name: ReportsOf :many
SELECT id, way, asked_at, asked_by, printed_at, printed_by FROM person_report WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 50;

-- name: MarkPrinted :execrows
UPDATE person_report SET printed_at = $3, printed_by = $4 WHERE agency_id = $1 AND id = $2;

-- name: AllReports :many
SELECT id, way, words, present, asked_at, printed_at FROM person_report WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: OpenMatters :many
-- The findings and notices about a file that wait for a key contact.
SELECT n.id FROM finding n JOIN finding_file y ON y.agency_id = n.agency_id AND y.finding_id = n.id
WHERE y.agency_id = sqlc.arg(agency_id) AND y.file_id = sqlc.arg(file_id) AND n.settled_at IS NULL
UNION ALL
SELECT o.id FROM notice o WHERE o.agency_id = sqlc.arg(agency_id) AND o.file_id = sqlc.arg(file_id) AND o.done_at IS NULL
ORDER BY 1;

-- name: FindingsOnlyOf :many
-- The findings about a file and no other.
SELECT y.finding_id FROM finding_file y WHERE y.agency_id = sqlc.arg(agency_id) AND y.file_id = sqlc.arg(file_id)
  AND NOT EXISTS (SELECT 1 FROM finding_file o WHERE o.agency_id = y.agency_id AND o.finding_id = y.finding_id AND o.file_id <> y.file_id)
ORDER BY y.finding_id;

-- name: DeleteFindingFiles :execrows
DELETE FROM finding_file WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteFinding :execrows
DELETE FROM finding WHERE agency_id = $1 AND id = $2;

-- name: DeleteOpened :execrows
DELETE FROM opened_file WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteReports :execrows
DELETE FROM person_report WHERE agency_id = $1 AND file_id = $2;
