-- name: InsertGroup :exec
INSERT INTO support_group (agency_id, id, team_id, kind, side, ours, closed, confidential, capacity, way, place_id, room_id, minutes, state, words_sealed, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1);

-- name: SetGroup :execrows
UPDATE support_group SET closed = $3, confidential = $4, capacity = $5, way = $6, place_id = $7, room_id = $8, minutes = $9, state = $10, words_sealed = $11,
  recorded_at = $12, recorded_by = $13, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $14;

-- name: Groups :many
SELECT agency_id, id, team_id, kind, side, ours, closed, confidential, capacity, way, place_id, room_id, minutes, state, words_sealed, recorded_at, recorded_by, version
FROM support_group WHERE agency_id = $1 ORDER BY id LIMIT 200;

-- name: GroupByID :one
SELECT agency_id, id, team_id, kind, side, ours, closed, confidential, capacity, way, place_id, room_id, minutes, state, words_sealed, recorded_at, recorded_by, version
FROM support_group WHERE agency_id = $1 AND id = $2;

-- name: GroupFacts :many
-- What the rules ask of a group: whose it is, and who runs it.
SELECT g.agency_id, g.team_id, CAST(COALESCE(c.account_id, '') AS text) AS account_id FROM support_group g
LEFT JOIN group_facilitator c ON c.agency_id = g.agency_id AND c.group_id = g.id AND c.until_at IS NULL
WHERE g.id = $1;

-- name: Facilitators :many
SELECT group_id, account_id FROM group_facilitator WHERE agency_id = $1 AND until_at IS NULL ORDER BY group_id, account_id LIMIT 1000;

-- name: InsertFacilitator :exec
INSERT INTO group_facilitator (agency_id, group_id, account_id, since) VALUES ($1, $2, $3, $4);

-- name: EndFacilitator :exec
UPDATE group_facilitator SET until_at = $4 WHERE agency_id = $1 AND group_id = $2 AND account_id = $3 AND until_at IS NULL;

-- name: InsertSession :exec
INSERT INTO group_session (agency_id, id, group_id, way, place_id, room_id, starts_at, ends_at, busy_from, busy_until, slot_at, state, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'planned', $12, $13, 1);

-- name: SetSession :execrows
UPDATE group_session SET starts_at = $4, ends_at = $5, busy_from = $6, busy_until = $7, slot_at = $8, state = $9, recorded_at = $10, recorded_by = $11, version = version + 1
WHERE agency_id = $1 AND group_id = $2 AND id = $3 AND version = $12;

-- name: SessionByID :one
SELECT agency_id, id, group_id, way, place_id, room_id, starts_at, ends_at, busy_from, busy_until, slot_at, state, recorded_at, recorded_by, version
FROM group_session WHERE agency_id = $1 AND group_id = $2 AND id = $3;

-- name: Sessions :many
SELECT agency_id, id, group_id, way, place_id, room_id, starts_at, ends_at, busy_from, busy_until, slot_at, state, recorded_at, recorded_by, version
FROM group_session WHERE agency_id = $1 AND group_id = $2 ORDER BY starts_at DESC, id DESC LIMIT 120;

-- name: Ahead :many
-- The sessions to come, of which the guard is asked.
SELECT agency_id, id, group_id, way, place_id, room_id, starts_at, ends_at, busy_from, busy_until, slot_at, state, recorded_at, recorded_by, version
FROM group_session WHERE agency_id = sqlc.arg(agency_id) AND group_id = sqlc.arg(group_id) AND state = 'planned' AND ends_at > sqlc.arg(now) ORDER BY starts_at, id LIMIT 120;

-- name: Begun :one
SELECT COUNT(*) FROM group_session WHERE agency_id = sqlc.arg(agency_id) AND group_id = sqlc.arg(group_id) AND state = 'planned' AND starts_at <= sqlc.arg(now);

-- name: NextSessions :many
SELECT s.group_id, s.starts_at FROM group_session s
WHERE s.agency_id = sqlc.arg(agency_id) AND s.state = 'planned' AND s.ends_at > sqlc.arg(now) AND NOT EXISTS (
  SELECT 1 FROM group_session e WHERE e.agency_id = s.agency_id AND e.group_id = s.group_id AND e.state = 'planned' AND e.ends_at > sqlc.arg(now) AND e.starts_at < s.starts_at)
ORDER BY s.group_id, s.id LIMIT 500;

-- name: Overlapping :one
-- Sessions of other groups with the same room, or run by the same people, at a
-- time. Appointments are not looked at: they move.
SELECT s.id FROM group_session s
WHERE s.agency_id = sqlc.arg(agency_id) AND s.state = 'planned' AND s.id <> sqlc.arg(id) AND s.starts_at < sqlc.arg(ends_at) AND s.ends_at > sqlc.arg(starts_at)
  AND (s.group_id = sqlc.arg(group_id) OR (s.room_id <> '' AND s.room_id = sqlc.arg(room_id)) OR EXISTS (
    SELECT 1 FROM group_facilitator c JOIN group_facilitator d ON d.agency_id = c.agency_id AND d.account_id = c.account_id
    WHERE c.agency_id = s.agency_id AND c.group_id = s.group_id AND c.until_at IS NULL AND d.group_id = sqlc.arg(group_id) AND d.until_at IS NULL))
ORDER BY s.id LIMIT 1;

-- name: FutureAt :many
SELECT id, group_id, starts_at, ends_at FROM group_session WHERE agency_id = $1 AND place_id = $2 AND ends_at > $3 AND state = 'planned' ORDER BY id;

-- name: SetBusy :exec
UPDATE group_session SET busy_from = $3, busy_until = $4 WHERE agency_id = $1 AND id = $2;

-- name: FilesOf :many
-- The files with somebody in a group.
SELECT DISTINCT file_id FROM group_member WHERE agency_id = $1 AND group_id = $2 AND state = 'joined' ORDER BY file_id;

-- name: InsertMember :exec
INSERT INTO group_member (agency_id, id, file_id, person_id, group_id, state, reason, since, joined_at, left_at, must_move, move_task, ask_task, asked_by, allowed_at, allowed_by,
  words_sealed, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1);

-- name: SetMember :execrows
UPDATE group_member SET state = $4, reason = $5, joined_at = $6, left_at = $7, must_move = $8, move_task = $9, ask_task = $10, asked_by = $11, allowed_at = $12, allowed_by = $13,
  words_sealed = $14, recorded_at = $15, recorded_by = $16, version = version + 1
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND version = $17;

-- name: Members :many
SELECT agency_id, id, file_id, person_id, group_id, state, reason, since, joined_at, left_at, must_move, move_task, ask_task, asked_by, allowed_at, allowed_by,
  words_sealed, recorded_at, recorded_by, version
FROM group_member WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 100;

-- name: MemberByID :one
SELECT agency_id, id, file_id, person_id, group_id, state, reason, since, joined_at, left_at, must_move, move_task, ask_task, asked_by, allowed_at, allowed_by,
  words_sealed, recorded_at, recorded_by, version
FROM group_member WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: OpenFor :one
-- Whether somebody has an answer to a group on record that is still open.
SELECT COUNT(*) FROM group_member WHERE agency_id = $1 AND file_id = $2 AND group_id = $3 AND person_id = $4 AND id <> $5 AND state IN ('thinking', 'waiting', 'asked', 'joined');

-- name: Brief :one
-- What the page of a case shows of groups.
SELECT COUNT(CASE WHEN state = 'joined' THEN 1 END) AS joined, COUNT(CASE WHEN state = 'waiting' THEN 1 END) AS waiting,
  COUNT(CASE WHEN state = 'asked' THEN 1 END) AS asked, COUNT(CASE WHEN must_move THEN 1 END) AS must_move
FROM group_member WHERE agency_id = $1 AND file_id = $2;

-- name: Taken :many
-- How many places of each group are taken, as somebody of a file is told: those
-- whom the person of the file has harmed take none. They move.
SELECT k.group_id, COUNT(*) AS taken FROM group_member k
WHERE k.agency_id = sqlc.arg(agency_id) AND k.state = 'joined'
  AND NOT EXISTS (
    SELECT 1 FROM file f
    JOIN party y ON y.agency_id = f.agency_id AND y.file_id = f.id AND y.role = 'perpetrator'
    JOIN person_mark m ON m.agency_id = y.agency_id AND m.person_id = y.person_id
    JOIN person_mark n ON n.agency_id = m.agency_id AND n.mark = m.mark
    JOIN file g ON g.agency_id = n.agency_id AND g.person_id = n.person_id
    WHERE f.agency_id = k.agency_id AND f.id = k.file_id AND f.side = 'experiencing' AND g.id = sqlc.arg(file_id) AND g.id <> f.id
      AND (m.kind IN ('birth', 'known_birth') OR (m.kind IN ('name', 'known') AND EXISTS (
        SELECT 1 FROM person_mark u WHERE u.agency_id = m.agency_id AND u.person_id IN (m.person_id, n.person_id) AND u.kind IN ('unborn', 'known_unborn')))))
GROUP BY k.group_id;

-- name: MarkMeeting :exec
-- Every place in a group of a person harmed that meets what is booked for whoever
-- harmed them must be looked at: those of a file, and those of files whose person
-- its person harmed. It is one statement whatever there is.
UPDATE group_member SET must_move = TRUE
WHERE group_member.agency_id = sqlc.arg(agency_id) AND group_member.state = 'joined' AND NOT group_member.must_move
  AND group_member.file_id IN (
    SELECT CAST(sqlc.arg(file_id) AS text)
    UNION ALL
    SELECT y.file_id FROM file g
    JOIN person_mark n ON n.agency_id = g.agency_id AND n.person_id = g.person_id
    JOIN person_mark m ON m.agency_id = n.agency_id AND m.mark = n.mark
    JOIN party y ON y.agency_id = m.agency_id AND y.person_id = m.person_id AND y.role = 'perpetrator'
    WHERE g.agency_id = sqlc.arg(agency_id) AND g.id = sqlc.arg(file_id))
  AND EXISTS (
    SELECT 1 FROM file f
    JOIN party y ON y.agency_id = f.agency_id AND y.file_id = f.id AND y.role = 'perpetrator'
    JOIN person_mark m ON m.agency_id = y.agency_id AND m.person_id = y.person_id
    JOIN person_mark n ON n.agency_id = m.agency_id AND n.mark = m.mark
    JOIN file g ON g.agency_id = n.agency_id AND g.person_id = n.person_id
    WHERE f.agency_id = group_member.agency_id AND f.id = group_member.file_id AND f.side = 'experiencing' AND g.id <> f.id
      AND (f.id = sqlc.arg(file_id) OR g.id = sqlc.arg(file_id))
      AND (m.kind IN ('birth', 'known_birth') OR (m.kind IN ('name', 'known') AND EXISTS (
        SELECT 1 FROM person_mark u WHERE u.agency_id = m.agency_id AND u.person_id IN (m.person_id, n.person_id) AND u.kind IN ('unborn', 'known_unborn'))))
      AND (EXISTS ( -- who works with them runs the group
          SELECT 1 FROM involvement i JOIN group_facilitator c ON c.agency_id = i.agency_id AND c.account_id = i.account_id AND c.until_at IS NULL
          WHERE i.agency_id = g.agency_id AND i.file_id = g.id AND c.group_id = group_member.group_id
            AND (group_member.allowed_at IS NULL OR i.since > group_member.allowed_at OR c.since > group_member.allowed_at))
        OR EXISTS ( -- they have an appointment with who runs it
          SELECT 1 FROM appointment p JOIN group_facilitator c ON c.agency_id = p.agency_id AND c.account_id = p.worker_id AND c.until_at IS NULL
          WHERE p.agency_id = g.agency_id AND p.file_id = g.id AND p.state IN ('booked', 'attended', 'not_attended', 'left') AND c.group_id = group_member.group_id
            AND (group_member.allowed_at IS NULL OR p.slot_at > group_member.allowed_at OR c.since > group_member.allowed_at))
        OR EXISTS ( -- or at the place when it meets
          SELECT 1 FROM appointment p JOIN group_session s ON s.agency_id = p.agency_id AND s.group_id = group_member.group_id
          WHERE p.agency_id = g.agency_id AND p.file_id = g.id AND p.state IN ('booked', 'attended', 'not_attended', 'left') AND s.state = 'planned' AND s.ends_at > sqlc.arg(now)
            AND (group_member.allowed_at IS NULL OR p.slot_at > group_member.allowed_at OR s.slot_at > group_member.allowed_at)
            AND p.busy_from < s.busy_until AND s.busy_from < p.busy_until
            AND ((p.way = 'place' AND s.way = 'place' AND p.place_id = s.place_id) OR (p.way = 'elsewhere' AND s.way = 'elsewhere')))
        OR EXISTS ( -- they are in the group, or were
          SELECT 1 FROM group_member k WHERE k.agency_id = g.agency_id AND k.file_id = g.id AND k.state IN ('joined', 'left') AND k.group_id = group_member.group_id
            AND (group_member.allowed_at IS NULL OR k.joined_at > group_member.allowed_at))
        OR EXISTS ( -- in another that the same people run
          SELECT 1 FROM group_member k
          JOIN group_facilitator d ON d.agency_id = k.agency_id AND d.group_id = k.group_id AND (d.until_at IS NULL OR d.until_at > k.joined_at) AND (k.left_at IS NULL OR d.since < k.left_at)
          JOIN group_facilitator c ON c.agency_id = d.agency_id AND c.account_id = d.account_id AND c.until_at IS NULL
          WHERE k.agency_id = g.agency_id AND k.file_id = g.id AND k.state IN ('joined', 'left') AND c.group_id = group_member.group_id
            AND (group_member.allowed_at IS NULL OR k.joined_at > group_member.allowed_at OR c.since > group_member.allowed_at OR d.since > group_member.allowed_at))
        OR EXISTS ( -- or in one that meets at the place at the time
          SELECT 1 FROM group_member k
          JOIN group_session t ON t.agency_id = k.agency_id AND t.group_id = k.group_id AND t.state = 'planned' AND t.ends_at > k.joined_at AND (k.left_at IS NULL OR t.starts_at < k.left_at)
          JOIN group_session s ON s.agency_id = t.agency_id AND s.state = 'planned' AND s.ends_at > sqlc.arg(now) AND t.busy_from < s.busy_until AND s.busy_from < t.busy_until
          WHERE k.agency_id = g.agency_id AND k.file_id = g.id AND k.state IN ('joined', 'left') AND s.group_id = group_member.group_id
            AND (group_member.allowed_at IS NULL OR k.joined_at > group_member.allowed_at OR t.slot_at > group_member.allowed_at OR s.slot_at > group_member.allowed_at)
            AND ((t.way = 'place' AND s.way = 'place' AND t.place_id = s.place_id) OR (t.way = 'elsewhere' AND s.way = 'elsewhere')))));

-- name: AskToMove :exec
-- The task for each place in a group that must be looked at and has none.
INSERT INTO task (agency_id, id, file_id, kind, due_on, team_id, account_id, created_at, created_by, done_by, done_note)
SELECT a.agency_id, a.move_task, a.file_id, 'move_group', sqlc.arg(due_on), '', f.lead_id, sqlc.arg(now), a.recorded_by, '', ''
FROM group_member a JOIN file f ON f.agency_id = a.agency_id AND f.id = a.file_id
WHERE a.agency_id = sqlc.arg(agency_id) AND a.must_move AND NOT EXISTS (SELECT 1 FROM task t WHERE t.agency_id = a.agency_id AND t.id = a.move_task);

-- name: Marked :many
-- The register of a session as it stands.
SELECT member_id, outcome FROM group_attendance WHERE agency_id = $1 AND session_id = $2 ORDER BY member_id LIMIT 500;

-- name: Mark :exec
INSERT INTO group_attendance (agency_id, session_id, member_id, file_id, outcome, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (agency_id, session_id, member_id) DO UPDATE SET outcome = excluded.outcome, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by;

-- name: AttendanceOf :many
SELECT a.member_id, a.outcome, s.starts_at, s.id FROM group_attendance a JOIN group_session s ON s.agency_id = a.agency_id AND s.id = a.session_id
WHERE a.agency_id = $1 AND a.file_id = $2 ORDER BY s.starts_at DESC, s.id DESC LIMIT 200;

-- name: DeleteAttendance :execrows
DELETE FROM group_attendance WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteMembers :execrows
DELETE FROM group_member WHERE agency_id = $1 AND file_id = $2;
