-- name: MeetingOf :one
SELECT agency_id, id, kind, starts_at, circulate_at, close_at, state FROM marac_meeting WHERE agency_id = $1 AND id = $2;

-- name: MeetingByID :one
SELECT agency_id, id, kind, starts_at, close_at, state FROM marac_meeting WHERE id = $1;

-- name: OnList :many
SELECT id, number, urgent FROM marac_case WHERE agency_id = $1 AND meeting_id = $2 AND state IN ('listed', 'heard') ORDER BY slot, id;

-- name: Sitting :many
-- The agencies for which somebody sits at a MARAC and can answer for them. One of them who is not given
-- everything keeps it from the agency.
SELECT m.of_agency, a.name, CAST(MIN(CASE WHEN m.given = 'everything' THEN 1 ELSE 0 END) AS bigint) AS reach FROM marac_member m JOIN agency a ON a.id = m.of_agency
WHERE m.agency_id = $1 AND m.of_agency <> m.agency_id AND m.accepted_at IS NOT NULL AND m.since_on <= CAST(@today AS text)
  AND (m.until_on = '' OR m.until_on >= CAST(@today AS text)) AND m.capacity IN ('representative', 'deputy', 'idva')
GROUP BY m.of_agency, a.name ORDER BY a.name, m.of_agency;

-- name: InsertAsk :exec
INSERT INTO marac_ask (agency_id, id, marac_id, meeting_id, case_id, number, urgent, people, due_at, close_at, state, holder, asked_at, asked_by, looked_by, draft, drafted_by, file_id, answer, return_id, who_sealed, draft_sealed, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', '', $11, $12, '', '', '', '', '', '', $13, $14, 1);

-- name: InsertMark :exec
INSERT INTO marac_ask_mark (agency_id, ask_id, kind, mark) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: AsksOfMeeting :many
-- What the coordinator's board is made of: it opens nothing.
SELECT agency_id, id, case_id, number, urgent, due_at, state, looked_at, answer, return_id, answered_at, asked_at FROM marac_ask
WHERE marac_id = $1 AND meeting_id = $2 ORDER BY agency_id, case_id;

-- name: AskByID :one
SELECT a.agency_id, a.id, a.marac_id, a.meeting_id, a.case_id, a.number, a.urgent, a.people, a.due_at, a.close_at, a.state, a.holder, a.asked_at, a.asked_by, a.looked_at, a.looked_by, a.draft, a.drafted_at, a.drafted_by, a.file_id, a.answer, a.return_id, a.answered_at, a.who_sealed, a.draft_sealed, a.version,
  CAST(CASE WHEN a.state = 'open' AND c.state IN ('listed', 'heard') AND c.meeting_id = a.meeting_id THEN 1 ELSE 0 END AS bigint) AS stands, g.name AS marac, m.starts_at
FROM marac_ask a JOIN marac_case c ON c.agency_id = a.marac_id AND c.id = a.case_id JOIN agency g ON g.id = a.marac_id JOIN marac_meeting m ON m.agency_id = a.marac_id AND m.id = a.meeting_id
WHERE a.id = $1;

-- name: AskFacts :many
-- What rules ask of a line beside its row: who sits for the agency, and who is tied to somebody of the case.
SELECT 'sits' AS fact, m.account_id AS account FROM marac_member m
WHERE m.agency_id = CAST(@marac AS text) AND m.of_agency = CAST(@agency AS text) AND m.accepted_at IS NOT NULL AND m.since_on <= CAST(@today AS text)
  AND (m.until_on = '' OR m.until_on >= CAST(@today AS text)) AND m.capacity IN ('representative', 'deputy', 'idva')
UNION
SELECT 'tied' AS fact, t.account_id AS account FROM marac_ask_mark k
JOIN worker_mark w ON w.agency_id = k.agency_id AND w.mark = k.mark
JOIN worker_tie t ON t.agency_id = w.agency_id AND t.id = w.tie_id
WHERE k.agency_id = CAST(@agency AS text) AND k.ask_id = CAST(@ask AS text) AND t.withdrawn_at IS NULL
ORDER BY fact, account;

-- name: Look :execrows
UPDATE marac_ask SET looked_at = $3, looked_by = $4 WHERE agency_id = $1 AND id = $2 AND looked_at IS NULL;

-- name: SetDraft :execrows
UPDATE marac_ask SET draft = $3, drafted_at = $4, drafted_by = $5, file_id = $6, draft_sealed = $7, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $8 AND state = 'open';

-- name: SetHolder :execrows
UPDATE marac_ask SET holder = $3, version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $4 AND state = 'open';

-- name: SetAnswered :execrows
UPDATE marac_ask SET answer = $3, return_id = $4, answered_at = $5, draft = '', version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $6 AND state = 'open';

-- name: Matches :many
SELECT agency_id, ask_id, nth, person_id, file_id, same, decided_at, decided_by FROM marac_ask_match WHERE agency_id = $1 AND ask_id = $2 ORDER BY nth, file_id, person_id;

-- name: MatchesOfMeeting :many
SELECT x.agency_id, x.ask_id, x.nth, x.person_id, x.file_id, x.same, x.decided_at, x.decided_by FROM marac_ask a JOIN marac_ask_match x ON x.agency_id = a.agency_id AND x.ask_id = a.id
WHERE a.agency_id = $1 AND a.meeting_id = $2 ORDER BY x.ask_id, x.nth, x.file_id, x.person_id;

-- name: SetMatch :exec
INSERT INTO marac_ask_match (agency_id, ask_id, nth, person_id, file_id, same, decided_at, decided_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (agency_id, ask_id, nth, person_id, file_id) DO UPDATE SET same = excluded.same, decided_at = excluded.decided_at, decided_by = excluded.decided_by;

-- name: Undo :execrows
DELETE FROM marac_ask_match WHERE agency_id = $1 AND ask_id = $2 AND nth = $3 AND person_id = $4 AND file_id = $5;

-- name: InsertReturn :exec
INSERT INTO marac_return (agency_id, id, ask_id, release_id, marac_id, meeting_id, case_id, answer, file_id, corrects, basis, agreement, held, acted_now, released_at, released_by, reviewed_by, verdict, review_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', '', $17);

-- name: InsertCopy :exec
INSERT INTO marac_return_copy (agency_id, return_id, words_sealed) VALUES ($1, $2, $3);

-- name: ReturnsOfAsk :many
SELECT r.agency_id, r.id, r.ask_id, r.release_id, r.marac_id, r.meeting_id, r.case_id, r.answer, r.file_id, r.corrects, r.basis, r.agreement, r.held, r.acted_now, r.released_at, r.released_by, c.words_sealed
FROM marac_return r JOIN marac_return_copy c ON c.agency_id = r.agency_id AND c.return_id = r.id
WHERE r.agency_id = $1 AND r.ask_id = $2 ORDER BY r.id DESC;

-- name: ReturnsOfFile :many
SELECT r.agency_id, r.id, r.ask_id, r.release_id, r.marac_id, r.meeting_id, r.case_id, r.answer, r.file_id, r.corrects, r.basis, r.agreement, r.held, r.acted_now, r.released_at, r.released_by, c.words_sealed
FROM marac_return r JOIN marac_return_copy c ON c.agency_id = r.agency_id AND c.return_id = r.id
WHERE r.agency_id = $1 AND r.file_id = $2 ORDER BY r.id;

-- name: ReturnsOfMeeting :many
-- The newest return of each agency to each case on the list of a meeting, as the MARAC has it: a case that was
-- put off brings with it what was returned before.
SELECT r.agency_id, r.id, r.ask_id, r.release_id, r.marac_id, r.meeting_id, r.case_id, r.answer, r.file_id, r.corrects, r.basis, r.agreement, r.held, r.acted_now, r.released_at, r.released_by, c.words_sealed, g.name
FROM marac_case k JOIN marac_return r ON r.marac_id = k.agency_id AND r.case_id = k.id JOIN marac_return_copy c ON c.agency_id = r.marac_id AND c.return_id = r.id JOIN agency g ON g.id = r.agency_id
WHERE k.agency_id = $1 AND k.meeting_id = $2 AND k.state IN ('listed', 'heard')
  AND NOT EXISTS (SELECT 1 FROM marac_return n WHERE n.agency_id = r.agency_id AND n.corrects = r.id AND n.corrects <> '')
ORDER BY r.case_id, r.agency_id, r.id;

-- name: HeldReturns :many
SELECT r.id, k.number, g.name, r.agreement, r.acted_now, r.released_at, r.released_by FROM marac_return r
JOIN marac_ask k ON k.agency_id = r.agency_id AND k.id = r.ask_id JOIN agency g ON g.id = r.marac_id
WHERE r.agency_id = $1 AND r.held AND r.reviewed_at IS NULL AND r.released_by <> CAST(@account AS text)
  AND NOT EXISTS (SELECT 1 FROM marac_ask_mark m JOIN worker_mark w ON w.agency_id = m.agency_id AND w.mark = m.mark
    JOIN worker_tie t ON t.agency_id = w.agency_id AND t.id = w.tie_id
    WHERE m.agency_id = r.agency_id AND m.ask_id = r.ask_id AND t.withdrawn_at IS NULL AND t.account_id = CAST(@account AS text))
ORDER BY r.id LIMIT @size;

-- name: HeldReturn :one
SELECT r.agency_id, r.id, r.ask_id, r.marac_id, r.agreement, r.held, r.acted_now, r.released_at, r.released_by, r.reviewed_at, k.number, g.name FROM marac_return r
JOIN marac_ask k ON k.agency_id = r.agency_id AND k.id = r.ask_id JOIN agency g ON g.id = r.marac_id WHERE r.id = $1;

-- name: CopyOf :one
SELECT words_sealed FROM marac_return_copy WHERE agency_id = $1 AND return_id = $2;

-- name: Review :execrows
UPDATE marac_return SET reviewed_at = $3, reviewed_by = $4, verdict = $5, review_sealed = $6 WHERE agency_id = $1 AND id = $2 AND held AND reviewed_at IS NULL;

-- name: InsertFlag :exec
INSERT INTO marac_flag (agency_id, id, file_id, marac_id, return_id, since_on, until_on, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: FlagsOf :many
SELECT f.agency_id, f.id, f.file_id, f.marac_id, f.return_id, f.since_on, f.until_on, f.recorded_at, f.recorded_by, a.name FROM marac_flag f JOIN agency a ON a.id = f.marac_id
WHERE f.agency_id = $1 AND f.file_id = $2 ORDER BY f.until_on DESC, f.id DESC;

-- name: InsertChase :exec
INSERT INTO marac_chase (agency_id, id, marac_id, meeting_id, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6);

-- name: Chases :many
SELECT agency_id, COUNT(*) AS times, CAST(MAX(id) AS text) AS last FROM marac_chase WHERE marac_id = $1 AND meeting_id = $2 GROUP BY agency_id;

-- name: AgencyNames :many
SELECT DISTINCT g.id, g.name FROM marac_ask a JOIN agency g ON g.id = a.agency_id WHERE a.marac_id = $1 AND a.meeting_id = $2;

-- name: DeleteMatchesOfFile :execrows
DELETE FROM marac_ask_match WHERE agency_id = $1 AND file_id = $2;

-- name: AsksOfFile :many
SELECT id FROM marac_ask WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: ClearDraft :exec
UPDATE marac_ask SET draft = '', draft_sealed = $3, file_id = '', version = version + 1 WHERE agency_id = $1 AND id = $2;

-- name: ForgetMarksOfFile :execrows
DELETE FROM marac_ask_mark WHERE marac_ask_mark.agency_id = sqlc.arg(agency_id)
  AND ask_id IN (SELECT a.id FROM marac_ask a WHERE a.agency_id = sqlc.arg(agency_id) AND a.file_id = sqlc.arg(file_id) AND a.close_at <= sqlc.arg(now));

-- name: ForgetAsksOfFile :execrows
-- Nobody can look at a line whose pack has closed: whom it named goes with the file that it was found in.
UPDATE marac_ask SET draft = '', draft_sealed = '', who_sealed = '', people = 0, file_id = '', version = version + 1
WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND close_at <= sqlc.arg(now);

-- name: DeleteCopiesOfFile :execrows
DELETE FROM marac_return_copy AS y WHERE y.agency_id = $1 AND y.return_id IN (SELECT r.id FROM marac_return r WHERE r.agency_id = $1 AND r.file_id = $2);

-- name: UnfileReturns :execrows
UPDATE marac_return SET file_id = '', review_sealed = '' WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteFlagsOfFile :execrows
DELETE FROM marac_flag WHERE agency_id = $1 AND file_id = $2;

-- name: CopiesOfRegister :execrows
-- What agencies returned about the cases of a file of the MARAC.
DELETE FROM marac_return_copy AS y WHERE y.agency_id = $1 AND y.return_id IN (SELECT r.id FROM marac_return r JOIN marac_case c ON c.agency_id = r.marac_id AND c.id = r.case_id WHERE r.marac_id = $1 AND c.file_id = $2);

-- name: ForgetAsksOfRegister :execrows
-- Whom agencies were asked about, and what they had found but not sent, goes with the file of the MARAC that
-- they were asked from.
UPDATE marac_ask SET state = 'withdrawn', draft = '', draft_sealed = '', who_sealed = '', people = 0, version = version + 1
WHERE marac_id = $1 AND case_id IN (SELECT c.id FROM marac_case c WHERE c.agency_id = $1 AND c.file_id = $2);

-- name: MarksOfRegister :execrows
DELETE FROM marac_ask_mark WHERE ask_id IN (SELECT a.id FROM marac_ask a JOIN marac_case c ON c.agency_id = a.marac_id AND c.id = a.case_id WHERE a.marac_id = $1 AND c.file_id = $2);

-- name: ReturnsToRegister :many
SELECT r.agency_id, r.id, r.ask_id, r.release_id, r.marac_id, r.meeting_id, r.case_id, r.answer, r.file_id, r.corrects, r.basis, r.agreement, r.held, r.acted_now, r.released_at, r.released_by, c.words_sealed, g.name
FROM marac_return r JOIN marac_return_copy c ON c.agency_id = r.marac_id AND c.return_id = r.id JOIN marac_case k ON k.agency_id = r.marac_id AND k.id = r.case_id JOIN agency g ON g.id = r.agency_id
WHERE r.marac_id = $1 AND k.file_id = $2 ORDER BY r.id;

-- name: Meetings :many
SELECT m.id, m.starts_at,
  (SELECT COUNT(*) FROM marac_case c WHERE c.agency_id = m.agency_id AND c.meeting_id = m.id AND c.state IN ('listed', 'heard')) AS cases,
  (SELECT COUNT(*) FROM marac_ask a JOIN marac_case c ON c.agency_id = a.marac_id AND c.id = a.case_id AND c.meeting_id = a.meeting_id AND c.state IN ('listed', 'heard')
    WHERE a.marac_id = m.agency_id AND a.meeting_id = m.id AND a.answer = '' AND a.state = 'open') AS open
FROM marac_meeting m WHERE m.agency_id = $1 AND m.state <> 'cancelled' ORDER BY m.starts_at DESC, m.id LIMIT @size;
