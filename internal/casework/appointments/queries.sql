-- name: InsertPlace :exec
INSERT INTO meeting_place (agency_id, id, kind, neutral, active, before_min, after_min, name_sealed, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1);

-- name: SetPlace :execrows
UPDATE meeting_place SET kind = $3, neutral = $4, active = $5, before_min = $6, after_min = $7, name_sealed = $8, recorded_at = $9, recorded_by = $10, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $11;

-- name: Places :many
SELECT id, kind, neutral, active, before_min, after_min, name_sealed, version FROM meeting_place WHERE agency_id = $1 ORDER BY id LIMIT 200;

-- name: PlaceAgency :one
-- Whose a place is, which must be known before a rule can judge.
SELECT agency_id FROM meeting_place WHERE id = $1;

-- name: PlaceByID :one
SELECT id, kind, neutral, active, before_min, after_min, name_sealed, version FROM meeting_place WHERE agency_id = $1 AND id = $2;

-- name: InsertRoom :exec
INSERT INTO meeting_room (agency_id, id, place_id, active, name_sealed, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: SetRoomActive :execrows
UPDATE meeting_room SET active = $4, recorded_at = $5, recorded_by = $6 WHERE agency_id = $1 AND place_id = $2 AND id = $3;

-- name: Rooms :many
SELECT id, place_id, active, name_sealed FROM meeting_room WHERE agency_id = $1 ORDER BY id LIMIT 500;

-- name: FutureAt :many
SELECT id, file_id, starts_at, ends_at FROM appointment WHERE agency_id = $1 AND place_id = $2 AND ends_at > $3 AND state = 'booked' ORDER BY id;

-- name: SetBusy :exec
UPDATE appointment SET busy_from = $3, busy_until = $4 WHERE agency_id = $1 AND id = $2;

-- name: Lock :exec
-- The bookings of an agency come one after the other, also from several
-- instances: of two at one slot the second sees the first.
INSERT INTO agency_counter (agency_id, name, value) VALUES ($1, 'appointment', 1)
ON CONFLICT (agency_id, name) DO UPDATE SET value = agency_counter.value + 1;

-- name: InsertAppointment :exec
INSERT INTO appointment (agency_id, id, file_id, person_id, worker_id, way, place_id, room_id, starts_at, ends_at, busy_from, busy_until, slot_at, alone, interpreter, locality,
  state, cancelled_by, told, moves, must_move, move_task, ask_task, asked_by, allowed_at, allowed_by, words_sealed, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, 1);

-- name: SetAppointment :execrows
UPDATE appointment SET worker_id = $4, way = $5, place_id = $6, room_id = $7, starts_at = $8, ends_at = $9, busy_from = $10, busy_until = $11, slot_at = $12,
  alone = $13, interpreter = $14, locality = $15, state = $16, cancelled_by = $17, told = $18, moves = $19, must_move = $20, move_task = $21, ask_task = $22, asked_by = $23,
  allowed_at = $24, allowed_by = $25, words_sealed = $26, recorded_at = $27, recorded_by = $28, version = version + 1
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND version = $29;

-- name: AppointmentByID :one
SELECT agency_id, id, file_id, person_id, worker_id, way, place_id, room_id, starts_at, ends_at, busy_from, busy_until, slot_at, alone, interpreter, locality,
  state, cancelled_by, told, moves, must_move, move_task, ask_task, asked_by, allowed_at, allowed_by, words_sealed, recorded_at, recorded_by, version
FROM appointment WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: OfFile :many
SELECT agency_id, id, file_id, person_id, worker_id, way, place_id, room_id, starts_at, ends_at, busy_from, busy_until, slot_at, alone, interpreter, locality,
  state, cancelled_by, told, moves, must_move, move_task, ask_task, asked_by, allowed_at, allowed_by, words_sealed, recorded_at, recorded_by, version
FROM appointment WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND (starts_at < sqlc.arg(before) OR (starts_at = sqlc.arg(before) AND id < sqlc.arg(before_id))) ORDER BY starts_at DESC, id DESC LIMIT sqlc.arg(most);

-- name: Ahead :many
SELECT agency_id, id, file_id, person_id, worker_id, way, place_id, room_id, starts_at, ends_at, busy_from, busy_until, slot_at, alone, interpreter, locality,
  state, cancelled_by, told, moves, must_move, move_task, ask_task, asked_by, allowed_at, allowed_by, words_sealed, recorded_at, recorded_by, version
FROM appointment WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND ends_at > sqlc.arg(now) AND state IN ('booked', 'asked') ORDER BY starts_at, id LIMIT 3;

-- name: Taken :many
-- What takes the worker or the room at a time. Bookings of those whom the person
-- of the file has harmed are not looked at: they move.
SELECT a.worker_id, a.room_id FROM appointment a
WHERE a.agency_id = sqlc.arg(agency_id) AND a.id <> sqlc.arg(id) AND a.state = 'booked' AND a.starts_at < sqlc.arg(ends_at) AND a.ends_at > sqlc.arg(starts_at)
  AND a.starts_at > sqlc.arg(earliest)
  AND (a.worker_id = sqlc.arg(worker_id) OR (a.room_id = sqlc.arg(room_id) AND a.room_id <> ''))
  AND NOT EXISTS (
    SELECT 1 FROM file f
    JOIN party y ON y.agency_id = f.agency_id AND y.file_id = f.id AND y.role = 'perpetrator'
    JOIN person_mark m ON m.agency_id = y.agency_id AND m.person_id = y.person_id
    JOIN person_mark n ON n.agency_id = m.agency_id AND n.mark = m.mark
    JOIN file g ON g.agency_id = n.agency_id AND g.person_id = n.person_id
    WHERE f.agency_id = a.agency_id AND f.id = a.file_id AND f.side = 'experiencing' AND g.id = sqlc.arg(file_id) AND g.id <> f.id
      AND (m.kind IN ('birth', 'known_birth') OR (m.kind IN ('name', 'known') AND EXISTS (
        SELECT 1 FROM person_mark u WHERE u.agency_id = m.agency_id AND u.person_id IN (m.person_id, n.person_id) AND u.kind IN ('unborn', 'known_unborn')))))
ORDER BY a.id LIMIT 50;

-- name: Theirs :many
-- The bookings of whoever has harmed the person of a file: those with the same
-- worker, and those at the time.
SELECT p.worker_id, p.way, p.place_id, p.busy_from, p.busy_until FROM appointment p
WHERE p.agency_id = sqlc.arg(agency_id) AND p.state IN ('booked', 'attended', 'not_attended', 'left')
  AND (p.worker_id = sqlc.arg(worker_id) OR (p.busy_from < sqlc.arg(busy_until) AND p.busy_until > sqlc.arg(busy_from)))
  AND p.file_id IN (
    SELECT g.id FROM file f
    JOIN party y ON y.agency_id = f.agency_id AND y.file_id = f.id AND y.role = 'perpetrator'
    JOIN person_mark m ON m.agency_id = y.agency_id AND m.person_id = y.person_id
    JOIN person_mark n ON n.agency_id = m.agency_id AND n.mark = m.mark
    JOIN file g ON g.agency_id = n.agency_id AND g.person_id = n.person_id
    WHERE f.agency_id = sqlc.arg(agency_id) AND f.id = sqlc.arg(file_id) AND f.side = 'experiencing' AND g.id <> f.id
      AND (m.kind IN ('birth', 'known_birth') OR (m.kind IN ('name', 'known') AND EXISTS (
        SELECT 1 FROM person_mark u WHERE u.agency_id = m.agency_id AND u.person_id IN (m.person_id, n.person_id) AND u.kind IN ('unborn', 'known_unborn')))))
ORDER BY p.id LIMIT 500;

-- name: TheirGroups :many
-- The groups of whoever has harmed the person of a file: who runs them, and their
-- sessions at a time.
SELECT k.group_id, CAST(COALESCE(c.account_id, '') AS text) AS worker_id, CAST('' AS text) AS way, CAST('' AS text) AS place_id, k.since AS busy_from, k.since AS busy_until
FROM group_member k LEFT JOIN group_facilitator c ON c.agency_id = k.agency_id AND c.group_id = k.group_id
  AND (c.until_at IS NULL OR c.until_at > k.joined_at) AND (k.left_at IS NULL OR c.since < k.left_at)
WHERE k.agency_id = sqlc.arg(agency_id) AND (k.state = 'joined' OR (k.state = 'left' AND k.joined_at IS NOT NULL))
  AND k.file_id IN (
    SELECT g.id FROM file f
    JOIN party y ON y.agency_id = f.agency_id AND y.file_id = f.id AND y.role = 'perpetrator'
    JOIN person_mark m ON m.agency_id = y.agency_id AND m.person_id = y.person_id
    JOIN person_mark n ON n.agency_id = m.agency_id AND n.mark = m.mark
    JOIN file g ON g.agency_id = n.agency_id AND g.person_id = n.person_id
    WHERE f.agency_id = sqlc.arg(agency_id) AND f.id = sqlc.arg(file_id) AND f.side = 'experiencing' AND g.id <> f.id
      AND (m.kind IN ('birth', 'known_birth') OR (m.kind IN ('name', 'known') AND EXISTS (
        SELECT 1 FROM person_mark u WHERE u.agency_id = m.agency_id AND u.person_id IN (m.person_id, n.person_id) AND u.kind IN ('unborn', 'known_unborn')))))
UNION ALL
SELECT k.group_id, CAST('' AS text), s.way, s.place_id, s.busy_from, s.busy_until
FROM group_member k JOIN group_session s ON s.agency_id = k.agency_id AND s.group_id = k.group_id
WHERE k.agency_id = sqlc.arg(agency_id) AND k.state IN ('joined', 'left') AND s.state = 'planned'
  AND s.ends_at > k.joined_at AND (k.left_at IS NULL OR s.starts_at < k.left_at)
  AND s.busy_from < sqlc.arg(busy_until) AND s.busy_until > sqlc.arg(busy_from)
  AND k.file_id IN (
    SELECT g.id FROM file f
    JOIN party y ON y.agency_id = f.agency_id AND y.file_id = f.id AND y.role = 'perpetrator'
    JOIN person_mark m ON m.agency_id = y.agency_id AND m.person_id = y.person_id
    JOIN person_mark n ON n.agency_id = m.agency_id AND n.mark = m.mark
    JOIN file g ON g.agency_id = n.agency_id AND g.person_id = n.person_id
    WHERE f.agency_id = sqlc.arg(agency_id) AND f.id = sqlc.arg(file_id) AND f.side = 'experiencing' AND g.id <> f.id
      AND (m.kind IN ('birth', 'known_birth') OR (m.kind IN ('name', 'known') AND EXISTS (
        SELECT 1 FROM person_mark u WHERE u.agency_id = m.agency_id AND u.person_id IN (m.person_id, n.person_id) AND u.kind IN ('unborn', 'known_unborn')))))
LIMIT 500;

-- name: TakenBySessions :many
-- Sessions of groups that take the worker or the room at a time. When they are is
-- the same whoever comes to them.
SELECT CAST(COALESCE(c.account_id, '') AS text) AS worker_id, s.room_id FROM group_session s
LEFT JOIN group_facilitator c ON c.agency_id = s.agency_id AND c.group_id = s.group_id AND c.until_at IS NULL AND c.account_id = sqlc.arg(worker_id)
WHERE s.agency_id = sqlc.arg(agency_id) AND s.state = 'planned' AND s.starts_at < sqlc.arg(ends_at) AND s.ends_at > sqlc.arg(starts_at)
  AND s.starts_at > sqlc.arg(earliest) AND (c.account_id IS NOT NULL OR (s.room_id = sqlc.arg(room_id) AND s.room_id <> ''))
ORDER BY s.id LIMIT 50;

-- name: TheirWorkers :many
-- Who works with whoever has harmed the person of a file.
SELECT DISTINCT i.account_id FROM file f
JOIN party y ON y.agency_id = f.agency_id AND y.file_id = f.id AND y.role = 'perpetrator'
JOIN person_mark m ON m.agency_id = y.agency_id AND m.person_id = y.person_id
JOIN person_mark n ON n.agency_id = m.agency_id AND n.mark = m.mark
JOIN file g ON g.agency_id = n.agency_id AND g.person_id = n.person_id
JOIN involvement i ON i.agency_id = g.agency_id AND i.file_id = g.id
WHERE f.agency_id = sqlc.arg(agency_id) AND f.id = sqlc.arg(file_id) AND f.side = 'experiencing' AND g.id <> f.id
  AND (m.kind IN ('birth', 'known_birth') OR (m.kind IN ('name', 'known') AND EXISTS (
    SELECT 1 FROM person_mark u WHERE u.agency_id = m.agency_id AND u.person_id IN (m.person_id, n.person_id) AND u.kind IN ('unborn', 'known_unborn'))))
ORDER BY 1;

-- name: ChildLanguages :many
SELECT y.person_id, p.language FROM party y JOIN person p ON p.agency_id = y.agency_id AND p.id = y.person_id
WHERE y.agency_id = $1 AND y.file_id = $2 AND y.role = 'child' ORDER BY y.person_id;

-- name: RoomByID :one
SELECT id FROM meeting_room WHERE agency_id = $1 AND place_id = $2 AND id = $3;

-- name: Tied :one
-- Whether a worker is tied to the people of a file.
SELECT COUNT(*) FROM conflict_of_interest WHERE agency_id = $1 AND file_id = $2 AND account_id = $3 AND lifted_at IS NULL;

-- name: MarkMeeting :exec
-- Every booking to come of a person harmed that meets one of whoever harmed them
-- must move: those of a file, and those of files whose person its person harmed.
-- It is one statement whatever there is, so that the side of whoever harms does
-- the same work and learns nothing.
UPDATE appointment SET must_move = TRUE
WHERE appointment.agency_id = sqlc.arg(agency_id) AND appointment.state = 'booked' AND NOT appointment.must_move AND appointment.ends_at > sqlc.arg(now)
  AND appointment.file_id IN (
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
    WHERE f.agency_id = appointment.agency_id AND f.id = appointment.file_id AND f.side = 'experiencing' AND g.id <> f.id
      AND (f.id = sqlc.arg(file_id) OR g.id = sqlc.arg(file_id))
      AND (m.kind IN ('birth', 'known_birth') OR (m.kind IN ('name', 'known') AND EXISTS (
        SELECT 1 FROM person_mark u WHERE u.agency_id = m.agency_id AND u.person_id IN (m.person_id, n.person_id) AND u.kind IN ('unborn', 'known_unborn'))))
      AND (EXISTS (
          SELECT 1 FROM involvement i WHERE i.agency_id = g.agency_id AND i.file_id = g.id AND i.account_id = appointment.worker_id
            AND (appointment.allowed_at IS NULL OR i.since > appointment.allowed_at))
        OR EXISTS (
          SELECT 1 FROM appointment p WHERE p.agency_id = g.agency_id AND p.file_id = g.id AND p.state IN ('booked', 'attended', 'not_attended', 'left')
            AND (appointment.allowed_at IS NULL OR p.slot_at > appointment.allowed_at)
            AND (p.worker_id = appointment.worker_id
              OR (p.busy_from < appointment.busy_until AND appointment.busy_from < p.busy_until
                AND ((p.way = 'place' AND appointment.way = 'place' AND p.place_id = appointment.place_id) OR (p.way = 'elsewhere' AND appointment.way = 'elsewhere')))))
        OR EXISTS (
          SELECT 1 FROM group_member k JOIN group_facilitator c ON c.agency_id = k.agency_id AND c.group_id = k.group_id
          WHERE k.agency_id = g.agency_id AND k.file_id = g.id AND k.state IN ('joined', 'left') AND c.account_id = appointment.worker_id
            AND (c.until_at IS NULL OR c.until_at > k.joined_at) AND (k.left_at IS NULL OR c.since < k.left_at)
            AND (appointment.allowed_at IS NULL OR k.joined_at > appointment.allowed_at OR c.since > appointment.allowed_at))
        OR EXISTS (
          SELECT 1 FROM group_member k JOIN group_session s ON s.agency_id = k.agency_id AND s.group_id = k.group_id
          WHERE k.agency_id = g.agency_id AND k.file_id = g.id AND k.state IN ('joined', 'left') AND s.state = 'planned'
            AND s.ends_at > k.joined_at AND (k.left_at IS NULL OR s.starts_at < k.left_at)
            AND (appointment.allowed_at IS NULL OR k.joined_at > appointment.allowed_at OR s.slot_at > appointment.allowed_at)
            AND s.busy_from < appointment.busy_until AND appointment.busy_from < s.busy_until
            AND ((s.way = 'place' AND appointment.way = 'place' AND s.place_id = appointment.place_id) OR (s.way = 'elsewhere' AND appointment.way = 'elsewhere')))));

-- name: AskToMove :exec
-- The task for each booking that must move and has none, in one statement.
INSERT INTO task (agency_id, id, file_id, kind, due_on, team_id, account_id, created_at, created_by, done_by, done_note)
SELECT a.agency_id, a.move_task, a.file_id, 'move_appointment', sqlc.arg(due_on), '', f.lead_id, sqlc.arg(now), a.recorded_by, '', ''
FROM appointment a JOIN file f ON f.agency_id = a.agency_id AND f.id = a.file_id
WHERE a.agency_id = sqlc.arg(agency_id) AND a.must_move AND NOT EXISTS (SELECT 1 FROM task t WHERE t.agency_id = a.agency_id AND t.id = a.move_task);

-- name: DeleteAppointments :execrows
DELETE FROM appointment WHERE agency_id = $1 AND file_id = $2;

-- name: InsertFeed :exec
INSERT INTO calendar_feed (agency_id, id, account_id, token_hash, created_at) VALUES ($1, $2, $3, $4, $5);

-- name: RevokeFeeds :execrows
UPDATE calendar_feed SET revoked_at = $3 WHERE agency_id = $1 AND account_id = $2 AND revoked_at IS NULL;

-- name: OpenFeed :one
SELECT id, created_at FROM calendar_feed WHERE agency_id = $1 AND account_id = $2 AND revoked_at IS NULL ORDER BY id DESC LIMIT 1;

-- name: FeedByToken :one
SELECT agency_id, id, account_id FROM calendar_feed WHERE token_hash = $1 AND revoked_at IS NULL;
