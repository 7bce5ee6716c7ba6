-- name: NextNumber :one
INSERT INTO agency_counter (agency_id, name, value) VALUES ($1, 'file', 1)
ON CONFLICT (agency_id, name) DO UPDATE SET value = agency_counter.value + 1
RETURNING value;

-- name: InsertFile :exec
INSERT INTO file (agency_id, id, number, person_id, kind, origin, team_id, lead_id, restricted, opened_at, touched_at, version, side)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, false, $9, $10, 1, $11);

-- name: FileByID :one
SELECT agency_id, id, number, person_id, kind, origin, team_id, lead_id, restricted, opened_at, touched_at, closed_at, version, side, destroyed_at
FROM file WHERE id = $1 AND destroyed_at IS NULL;

-- name: FileByNumber :one
SELECT agency_id, id, number, person_id, kind, origin, team_id, lead_id, restricted, opened_at, touched_at, closed_at, version, side, destroyed_at
FROM file WHERE agency_id = $1 AND number = $2 AND destroyed_at IS NULL;

-- name: FileFacts :many
-- Everything that rules ask of a file and that does not lie in its row, in one
-- statement: opening costs the same whatever there is.
SELECT 'worker' AS fact, i.account_id AS value FROM involvement i WHERE i.agency_id = sqlc.arg(agency_id) AND i.file_id = sqlc.arg(file_id)
UNION ALL
SELECT 'tied', c.account_id FROM conflict_of_interest c WHERE c.agency_id = sqlc.arg(agency_id) AND c.file_id = sqlc.arg(file_id) AND c.lifted_at IS NULL
UNION ALL
SELECT 'colleague', c.account_id FROM conflict_of_interest c WHERE c.agency_id = sqlc.arg(agency_id) AND c.file_id = sqlc.arg(file_id) AND c.lifted_at IS NULL AND c.basis = 'self'
UNION ALL
SELECT 'emergency', e.account_id FROM emergency_access e WHERE e.agency_id = sqlc.arg(agency_id) AND e.file_id = sqlc.arg(file_id) AND e.expires_at > sqlc.arg(at)
UNION ALL
SELECT 'emergency_contact', e.account_id FROM emergency_access e WHERE e.agency_id = sqlc.arg(agency_id) AND e.file_id = sqlc.arg(file_id) AND e.expires_at > sqlc.arg(at) AND e.reach
UNION ALL
SELECT 'across', i.account_id FROM couple o JOIN involvement i ON i.agency_id = o.agency_id AND i.file_id = o.other_file WHERE o.agency_id = sqlc.arg(agency_id) AND o.file_id = sqlc.arg(file_id)
UNION ALL
SELECT 'across_team', f.team_id FROM couple o JOIN file f ON f.agency_id = o.agency_id AND f.id = o.other_file WHERE o.agency_id = sqlc.arg(agency_id) AND o.file_id = sqlc.arg(file_id) AND f.team_id <> ''
UNION ALL
SELECT g.compartment || '_named', g.account_id FROM compartment_grant g WHERE g.agency_id = sqlc.arg(agency_id) AND g.file_id = sqlc.arg(file_id) AND g.ended_at IS NULL
UNION ALL
SELECT r.compartment || '_roles', r.role FROM compartment_role r WHERE r.agency_id = sqlc.arg(agency_id) AND r.compartment <> ''
UNION ALL
SELECT r.compartment || '_roles', r.role FROM compartment_role r WHERE r.agency_id = '' AND NOT EXISTS (SELECT 1 FROM compartment_role own WHERE own.agency_id = sqlc.arg(agency_id))
ORDER BY 1, 2;

-- name: InsertInvolvement :exec
INSERT INTO involvement (agency_id, file_id, account_id, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (agency_id, file_id, account_id) DO NOTHING;

-- name: HandOver :execrows
UPDATE file SET team_id = $3, lead_id = $4, touched_at = $5, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $6;

-- name: TouchFile :exec
UPDATE file SET touched_at = $3, kind = $4 WHERE agency_id = $1 AND id = $2;

-- name: InsertParty :exec
INSERT INTO party (agency_id, file_id, person_id, role, relation, relation_sealed, added_at) VALUES ($1, $2, $3, $4, '', $5, $6);

-- name: Parties :many
SELECT p.person_id, p.role, p.relation, p.relation_sealed, n.given_name, n.family_name, n.known_as, n.born
FROM party p JOIN person n ON n.agency_id = p.agency_id AND n.id = p.person_id
WHERE p.agency_id = $1 AND p.file_id = $2 ORDER BY p.added_at, p.person_id;

-- name: InsertEvent :exec
INSERT INTO event (agency_id, file_id, id, kind, happened_on, about, recorded_at, recorded_by, source, text, text_sealed, ref)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $11);

-- name: EventsBefore :many
SELECT id, kind, happened_on, about, recorded_at, recorded_by, source, text, text_sealed, ref
FROM event WHERE agency_id = $1 AND file_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- name: EventsByID :many
SELECT id, kind, happened_on, about, recorded_at, recorded_by, source, text, text_sealed, ref
FROM event WHERE agency_id = $1 AND file_id = $2 ORDER BY id LIMIT $3;

-- name: LastEvents :many
SELECT id, kind, happened_on, about, recorded_at, recorded_by, source, text, text_sealed, ref
FROM event WHERE agency_id = $1 AND file_id = $2 AND kind = $3 ORDER BY id DESC LIMIT $4;

-- name: InsertTask :exec
-- A program has no inbox: what would be for one goes to the team that holds the
-- file.
INSERT INTO task (agency_id, id, file_id, kind, due_on, team_id, account_id, created_at, created_by, done_by, done_note)
VALUES (sqlc.arg(agency_id), sqlc.arg(id), sqlc.arg(file_id), sqlc.arg(kind), sqlc.arg(due_on),
  COALESCE((SELECT f.team_id FROM file f JOIN account a ON a.id = sqlc.arg(account_id)
    WHERE f.agency_id = sqlc.arg(agency_id) AND f.id = sqlc.arg(file_id) AND f.team_id <> '' AND a.kind = 'service'), CAST(sqlc.arg(team_id) AS text)),
  CASE WHEN EXISTS (SELECT 1 FROM file f JOIN account a ON a.id = sqlc.arg(account_id)
    WHERE f.agency_id = sqlc.arg(agency_id) AND f.id = sqlc.arg(file_id) AND f.team_id <> '' AND a.kind = 'service') THEN '' ELSE CAST(sqlc.arg(account_id) AS text) END,
  sqlc.arg(created_at), sqlc.arg(created_by), '', '');

-- name: TaskByID :one
SELECT kind, created_by FROM task WHERE agency_id = $1 AND id = $2 AND file_id = $3;

-- name: FinishTask :execrows
UPDATE task SET done_at = $3, done_by = $4, done_note_sealed = $5 WHERE agency_id = $1 AND id = $2 AND file_id = $6 AND done_at IS NULL;

-- name: FinishTasksOfKind :exec
UPDATE task SET done_at = $4, done_by = $5, done_note_sealed = $6 WHERE agency_id = $1 AND file_id = $2 AND kind = $3 AND done_at IS NULL;

-- name: OpenTasks :many
SELECT id, kind, due_on, team_id, account_id, created_at, created_by
FROM task WHERE agency_id = $1 AND file_id = $2 AND done_at IS NULL ORDER BY due_on, id LIMIT 50;

-- name: RemoveInvolvement :exec
DELETE FROM involvement WHERE agency_id = $1 AND file_id = $2 AND account_id = $3;

-- name: SetRestricted :execrows
UPDATE file SET restricted = $3, touched_at = $4, version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $5;

-- name: InsertRestriction :exec
INSERT INTO restriction (agency_id, id, file_id, set_at, set_by, set_why, lifted_by, lifted_why) VALUES ($1, $2, $3, $4, $5, $6, '', $7);

-- name: LiftRestriction :exec
UPDATE restriction SET lifted_at = $3, lifted_by = $4, lifted_why = $5 WHERE agency_id = $1 AND id = $2;

-- name: Restrictions :many
SELECT id, set_at, set_by, set_why, lifted_at, lifted_by, lifted_why FROM restriction WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 50;

-- name: InsertTie :exec
INSERT INTO worker_tie (agency_id, id, account_id, source, relation, words, declared_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: InsertWorkerMark :exec
INSERT INTO worker_mark (agency_id, tie_id, kind, mark) VALUES ($1, $2, $3, $4);

-- name: TiesOf :many
SELECT id, source, relation, words, declared_at FROM worker_tie WHERE agency_id = $1 AND account_id = $2 AND withdrawn_at IS NULL ORDER BY id LIMIT 100;

-- name: WithdrawParticulars :exec
UPDATE worker_tie SET withdrawn_at = $3 WHERE agency_id = $1 AND account_id = $2 AND source = 'particulars' AND withdrawn_at IS NULL;

-- name: MatchesOfAccount :many
-- The files with whose people a worker is tied by marks.
SELECT f.id AS file_id, t.account_id, m.kind, t.source, t.relation
FROM worker_tie t
JOIN worker_mark m ON m.agency_id = t.agency_id AND m.tie_id = t.id
JOIN person_mark p ON p.agency_id = m.agency_id AND p.mark = m.mark
JOIN file f ON f.agency_id = p.agency_id AND f.person_id = p.person_id
WHERE t.agency_id = sqlc.arg(agency_id) AND t.account_id = sqlc.arg(account_id) AND t.withdrawn_at IS NULL
UNION
SELECT y.file_id, t.account_id, m.kind, t.source, t.relation
FROM worker_tie t
JOIN worker_mark m ON m.agency_id = t.agency_id AND m.tie_id = t.id
JOIN person_mark p ON p.agency_id = m.agency_id AND p.mark = m.mark
JOIN party y ON y.agency_id = p.agency_id AND y.person_id = p.person_id
WHERE t.agency_id = sqlc.arg(agency_id) AND t.account_id = sqlc.arg(account_id) AND t.withdrawn_at IS NULL
ORDER BY 1, 3;

-- name: MatchesOfFile :many
-- The workers who are tied by marks with the people of a file.
SELECT f.id AS file_id, t.account_id, m.kind, t.source, t.relation
FROM file f
JOIN person_mark p ON p.agency_id = f.agency_id AND p.person_id = f.person_id
JOIN worker_mark m ON m.agency_id = p.agency_id AND m.mark = p.mark
JOIN worker_tie t ON t.agency_id = m.agency_id AND t.id = m.tie_id
WHERE f.agency_id = sqlc.arg(agency_id) AND f.id = sqlc.arg(file_id) AND t.withdrawn_at IS NULL
UNION
SELECT y.file_id, t.account_id, m.kind, t.source, t.relation
FROM party y
JOIN person_mark p ON p.agency_id = y.agency_id AND p.person_id = y.person_id
JOIN worker_mark m ON m.agency_id = p.agency_id AND m.mark = p.mark
JOIN worker_tie t ON t.agency_id = m.agency_id AND t.id = m.tie_id
WHERE y.agency_id = sqlc.arg(agency_id) AND y.file_id = sqlc.arg(file_id) AND t.withdrawn_at IS NULL
ORDER BY 2, 3;

-- name: InsertConflict :execrows
INSERT INTO conflict_of_interest (agency_id, file_id, account_id, basis, source, found_at, lifted_by, lifted_why)
VALUES ($1, $2, $3, $4, $5, $6, '', $7)
ON CONFLICT (agency_id, file_id, account_id) DO NOTHING;

-- name: LiftConflict :execrows
UPDATE conflict_of_interest SET lifted_at = $4, lifted_by = $5, lifted_why = $6
WHERE agency_id = $1 AND file_id = $2 AND account_id = $3 AND lifted_at IS NULL;

-- name: DeclareAgain :execrows
UPDATE conflict_of_interest SET lifted_at = NULL, basis = $4, source = 'declared', found_at = $5
WHERE agency_id = $1 AND file_id = $2 AND account_id = $3 AND lifted_at IS NOT NULL;

-- name: InsertNotice :exec
INSERT INTO notice (agency_id, id, kind, file_id, account_id, ref, due_on, created_at, done_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '');

-- name: FinishNotice :execrows
UPDATE notice SET done_at = $3, done_by = $4 WHERE agency_id = $1 AND id = $2 AND done_at IS NULL;

-- name: NoticeByID :one
SELECT n.agency_id, n.id, n.kind, n.file_id, n.account_id, n.ref, n.due_on, n.created_at, n.done_at, n.done_by, f.number, f.lead_id
FROM notice n JOIN file f ON f.agency_id = n.agency_id AND f.id = n.file_id WHERE n.agency_id = $1 AND n.id = $2;

-- name: TiedTo :many
SELECT account_id FROM conflict_of_interest WHERE agency_id = $1 AND file_id = $2 AND lifted_at IS NULL ORDER BY account_id;

-- name: ConflictOf :one
SELECT basis, source, found_at, lifted_at FROM conflict_of_interest WHERE agency_id = $1 AND file_id = $2 AND account_id = $3;

-- name: InsertEmergency :exec
INSERT INTO emergency_access (agency_id, id, file_id, account_id, reason, words, reach, given_at, expires_at, due_on, reviewed_by, verdict, review)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', $11);

-- name: EmergenciesOf :many
SELECT id, account_id, reason, words, reach, given_at, expires_at, due_on, reviewed_at, reviewed_by, verdict, review
FROM emergency_access WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 50;

-- name: EmergencyByID :one
SELECT id, file_id, account_id, reason, words, reach, given_at, expires_at, due_on, reviewed_at, reviewed_by, verdict, review
FROM emergency_access WHERE agency_id = $1 AND id = $2;

-- name: ReviewEmergency :execrows
UPDATE emergency_access SET reviewed_at = $3, reviewed_by = $4, verdict = $5, review = $6 WHERE agency_id = $1 AND id = $2 AND reviewed_at IS NULL;

-- name: EndEmergency :execrows
UPDATE emergency_access SET expires_at = $3 WHERE agency_id = $1 AND id = $2 AND expires_at > $3;

-- name: UpsertGrant :exec
INSERT INTO compartment_grant (agency_id, file_id, compartment, account_id, given_by, given_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (agency_id, file_id, compartment, account_id) DO UPDATE SET given_by = excluded.given_by, given_at = excluded.given_at, ended_at = NULL;

-- name: EndGrant :execrows
UPDATE compartment_grant SET ended_at = $5 WHERE agency_id = $1 AND file_id = $2 AND compartment = $3 AND account_id = $4 AND ended_at IS NULL;

-- name: CompartmentRoles :many
SELECT compartment, role FROM compartment_role WHERE agency_id = $1 ORDER BY compartment, role;

-- name: DeleteCompartmentRoles :exec
DELETE FROM compartment_role WHERE agency_id = $1;

-- name: InsertCompartmentRole :exec
INSERT INTO compartment_role (agency_id, compartment, role) VALUES ($1, $2, $3);

-- name: InsertKept :exec
INSERT INTO kept_note (agency_id, id, file_id, compartment, about, text, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: KeptNotes :many
SELECT id, about, text, recorded_at, recorded_by FROM kept_note WHERE agency_id = $1 AND file_id = $2 AND compartment = $3 ORDER BY id DESC LIMIT 100;

-- name: FilesAcross :many
-- The files of the agency on the other side of the same harm: the perpetrator
-- of the one is the person of the other.
SELECT DISTINCT o.id FROM party y
JOIN person_mark a ON a.agency_id = y.agency_id AND a.person_id = y.person_id AND a.kind = 'birth'
JOIN person_mark b ON b.agency_id = a.agency_id AND b.mark = a.mark
JOIN file o ON o.agency_id = b.agency_id AND o.person_id = b.person_id AND o.side = 'perpetrating'
WHERE y.agency_id = sqlc.arg(agency_id) AND y.file_id = sqlc.arg(file_id) AND y.role = 'perpetrator'
ORDER BY 1;

-- name: FilesHarmed :many
SELECT DISTINCT f.id FROM file o
JOIN person_mark b ON b.agency_id = o.agency_id AND b.person_id = o.person_id AND b.kind = 'birth'
JOIN person_mark a ON a.agency_id = b.agency_id AND a.mark = b.mark
JOIN party y ON y.agency_id = a.agency_id AND y.person_id = a.person_id AND y.role = 'perpetrator'
JOIN file f ON f.agency_id = y.agency_id AND f.id = y.file_id AND f.side = 'experiencing'
WHERE o.agency_id = sqlc.arg(agency_id) AND o.id = sqlc.arg(file_id)
ORDER BY 1;

-- name: InsertCouple :execrows
INSERT INTO couple (agency_id, file_id, other_file, found_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (agency_id, file_id, other_file) DO NOTHING;

-- name: SharedWorkers :many
SELECT a.account_id FROM involvement a JOIN involvement b ON b.agency_id = a.agency_id AND b.account_id = a.account_id
WHERE a.agency_id = sqlc.arg(agency_id) AND a.file_id = sqlc.arg(file_id) AND b.file_id = sqlc.arg(other_file) ORDER BY a.account_id;

-- name: OthersAcross :many
SELECT other_file FROM couple WHERE agency_id = $1 AND file_id = $2 ORDER BY other_file;

-- name: InsertRequest :exec
INSERT INTO named_request (agency_id, id, file_id, kind, came, received_on, words, present, state, recorded_at, recorded_by, confirmed_by, confirmed_way, confirmed_words, confirmed_present, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'unverified', $9, $10, '', '', $11, $12, 1);

-- name: Requests :many
SELECT id, kind, came, received_on, words, present, state, recorded_at, recorded_by, confirmed_at, confirmed_by, confirmed_way, confirmed_words, confirmed_present, version
FROM named_request WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 50;

-- name: ConfirmRequest :execrows
UPDATE named_request SET state = $4, confirmed_at = $5, confirmed_by = $6, confirmed_way = $7, confirmed_words = $8, confirmed_present = $9, version = version + 1
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND state = 'unverified' AND version = $10;

-- name: InsertSupport :exec
INSERT INTO worker_support (agency_id, id, account_id, reader_id, words, written_at, answer) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: SupportByID :one
SELECT agency_id, id, account_id, reader_id, words, written_at, answer, answered_at, ended_at FROM worker_support WHERE agency_id = $1 AND id = $2;

-- name: SupportOf :many
SELECT id, account_id, reader_id, words, written_at, answer, answered_at, ended_at FROM worker_support WHERE agency_id = $1 AND account_id = $2 ORDER BY id DESC LIMIT 50;

-- name: SupportAsked :many
SELECT id, account_id, reader_id, words, written_at, answer, answered_at, ended_at FROM worker_support WHERE agency_id = $1 AND reader_id = $2 ORDER BY id DESC LIMIT 50;

-- name: AnswerSupport :execrows
UPDATE worker_support SET answer = $3, answered_at = $4 WHERE agency_id = $1 AND id = $2 AND answered_at IS NULL;

-- name: CloseFile :execrows
UPDATE file SET closed_at = sqlc.arg(now), version = version + 1
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id) AND version = sqlc.arg(version) AND closed_at IS NULL;

-- name: ReopenFile :execrows
UPDATE file SET closed_at = NULL, version = version + 1
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id) AND version = sqlc.arg(version) AND closed_at IS NOT NULL AND destroyed_at IS NULL;

-- name: ClosedAt :one
SELECT closed_at FROM file WHERE agency_id = $1 AND id = $2;

-- name: FinishAllTasks :exec
UPDATE task SET done_at = sqlc.arg(now), done_by = sqlc.arg(account), done_note_sealed = sqlc.arg(note)
WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND done_at IS NULL;

-- name: CorrectedEvents :many
SELECT ref FROM event WHERE agency_id = $1 AND file_id = $2 AND kind = 'entry.corrected' AND id > $3 ORDER BY id LIMIT 200;

-- name: AllEvents :many
SELECT id, kind, happened_on, about, recorded_at, recorded_by, source, text, text_sealed, ref
FROM event WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: EventByID :one
SELECT id, kind, happened_on, about, recorded_at, recorded_by, source, text, text_sealed, ref
FROM event WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: BlankEvent :execrows
UPDATE event SET text = '', text_sealed = sqlc.arg(nothing) WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND id = sqlc.arg(id);

-- name: AllTasks :many
SELECT id, kind, due_on, created_at, done_at, done_note, done_note_sealed FROM task WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: AllKept :many
SELECT id, compartment, about, text, recorded_at, recorded_by FROM kept_note WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: AllRequests :many
SELECT id, kind, came, received_on, words, present, state, recorded_at, confirmed_words, confirmed_present
FROM named_request WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: DeleteKeptNote :execrows
DELETE FROM kept_note WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: DeleteEvents :execrows
DELETE FROM event WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteTasks :execrows
DELETE FROM task WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteKept :execrows
DELETE FROM kept_note WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteRequests :execrows
DELETE FROM named_request WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteParties :execrows
DELETE FROM party WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteInvolvements :execrows
DELETE FROM involvement WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteRestrictions :execrows
DELETE FROM restriction WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteConflicts :execrows
DELETE FROM conflict_of_interest WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteEmergencies :execrows
DELETE FROM emergency_access WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteGrants :execrows
DELETE FROM compartment_grant WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteNotices :execrows
DELETE FROM notice WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteCouples :execrows
DELETE FROM couple WHERE agency_id = sqlc.arg(agency_id) AND (file_id = sqlc.arg(file_id) OR other_file = sqlc.arg(file_id));

-- name: PeopleOf :many
SELECT p.person_id FROM party p WHERE p.agency_id = sqlc.arg(agency_id) AND p.file_id = sqlc.arg(file_id)
UNION SELECT f.person_id FROM file f WHERE f.agency_id = sqlc.arg(agency_id) AND f.id = sqlc.arg(file_id)
ORDER BY 1;

-- name: PeopleElsewhere :many
-- Those of a file's people who stand in another file that is not destroyed.
SELECT y.person_id FROM party y WHERE y.agency_id = sqlc.arg(agency_id) AND y.file_id <> sqlc.arg(file_id)
  AND y.person_id IN (SELECT p.person_id FROM party p WHERE p.agency_id = sqlc.arg(agency_id) AND p.file_id = sqlc.arg(file_id)
    UNION SELECT f.person_id FROM file f WHERE f.agency_id = sqlc.arg(agency_id) AND f.id = sqlc.arg(file_id))
UNION
SELECT o.person_id FROM file o WHERE o.agency_id = sqlc.arg(agency_id) AND o.id <> sqlc.arg(file_id) AND o.destroyed_at IS NULL
  AND o.person_id IN (SELECT p.person_id FROM party p WHERE p.agency_id = sqlc.arg(agency_id) AND p.file_id = sqlc.arg(file_id)
    UNION SELECT f.person_id FROM file f WHERE f.agency_id = sqlc.arg(agency_id) AND f.id = sqlc.arg(file_id))
ORDER BY 1;

-- name: MarkDestroyed :execrows
UPDATE file SET destroyed_at = sqlc.arg(now), team_id = '', lead_id = '', restricted = TRUE, version = version + 1
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id) AND closed_at IS NOT NULL AND destroyed_at IS NULL;

-- name: BlankEventsAbout :exec
UPDATE event SET text = '', text_sealed = sqlc.arg(nothing) WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND ref = sqlc.arg(ref);

-- name: GuardedPeople :many
SELECT n.person_id FROM (
  SELECT f.agency_id, f.person_id FROM file f WHERE f.agency_id = $1 AND f.id = $2
  UNION
  SELECT a.agency_id, a.person_id FROM party a WHERE a.agency_id = $1 AND a.file_id = $2
) AS n
WHERE EXISTS (SELECT 1 FROM person_home h WHERE h.agency_id = n.agency_id AND h.person_id = n.person_id AND (h.confidential OR h.hidden))
   OR EXISTS (SELECT 1 FROM person_place p WHERE p.agency_id = n.agency_id AND p.person_id = n.person_id AND p.state = 'former')
ORDER BY n.person_id;

-- name: Dwellings :many
SELECT n.person_id, CAST(CASE WHEN h.person_id IS NULL THEN 0 ELSE 1 END AS bigint) AS recorded, COALESCE(h.confidential, false) AS confidential, COALESCE(h.hidden, false) AS hidden,
  CAST(COALESCE((SELECT p.id FROM person_place p WHERE p.agency_id = n.agency_id AND p.person_id = n.person_id AND p.state = 'asked' ORDER BY p.id DESC LIMIT 1), '') AS text) AS asked
FROM (
  SELECT f.agency_id, f.person_id FROM file f WHERE f.agency_id = $1 AND f.id = $2
  UNION
  SELECT a.agency_id, a.person_id FROM party a WHERE a.agency_id = $1 AND a.file_id = $2
) AS n LEFT JOIN person_home h ON h.agency_id = n.agency_id AND h.person_id = n.person_id
ORDER BY n.person_id;
