-- name: InsertAction :exec
INSERT INTO marac_action (agency_id, id, marac_id, owner_id, meeting_id, case_id, file_id, number, kind, account_id, target, due_on, manager_on, coordinator_on, state, answered_on, source, words_sealed, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 1);

-- name: CopiesOfAction :many
SELECT agency_id, id, marac_id, owner_id, meeting_id, case_id, file_id, number, kind, account_id, target, due_on, manager_on, coordinator_on, state, answered_on, source, words_sealed, recorded_at, recorded_by, version
FROM marac_action WHERE id = $1 ORDER BY agency_id;

-- name: SetAnswer :execrows
UPDATE marac_action SET state = $3, answered_on = $4, recorded_at = $5, recorded_by = $6, version = version + 1
WHERE id = $1 AND version = $2;

-- name: SetAccount :execrows
UPDATE marac_action SET account_id = $3, recorded_at = $4, recorded_by = $5, version = version + 1 WHERE id = $1 AND version = $2;

-- name: SetAction :execrows
UPDATE marac_action SET target = $4, due_on = $5, manager_on = $6, coordinator_on = $7, words_sealed = $8, recorded_at = $9, recorded_by = $10, version = version + 1
WHERE id = $1 AND agency_id = $2 AND version = $3;

-- name: InsertStep :exec
INSERT INTO marac_action_step (agency_id, id, action_id, marac_id, file_id, kind, words_sealed, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: StepsOf :many
SELECT agency_id, id, action_id, marac_id, file_id, kind, words_sealed, recorded_at, recorded_by FROM marac_action_step
WHERE agency_id = $1 AND action_id = $2 ORDER BY id LIMIT 200;

-- name: SitsFor :many
SELECT DISTINCT account_id FROM marac_member
WHERE agency_id = $1 AND of_agency = $2 AND accepted_at IS NOT NULL AND since_on <= sqlc.arg(today) AND (until_on = '' OR until_on >= sqlc.arg(today))
  AND (capacity <> 'observer' OR signed_at IS NOT NULL) ORDER BY account_id LIMIT 200;

-- name: OwnersOf :many
SELECT m.of_agency, a.name, COUNT(*) FILTER (WHERE m.given <> 'everything') AS walled
FROM marac_member m JOIN agency a ON a.id = m.of_agency
WHERE m.agency_id = $1 AND m.accepted_at IS NOT NULL AND m.since_on <= sqlc.arg(today) AND (m.until_on = '' OR m.until_on >= sqlc.arg(today))
GROUP BY m.of_agency, a.name ORDER BY a.name, m.of_agency LIMIT 200;

-- name: Owned :many
SELECT a.agency_id, a.id, a.marac_id, a.owner_id, a.meeting_id, a.case_id, a.file_id, a.number, a.kind, a.account_id, a.target, a.due_on, a.manager_on, a.coordinator_on, a.state, a.answered_on, a.source, a.words_sealed, a.recorded_at, a.recorded_by, a.version
FROM marac_action a
WHERE a.agency_id = sqlc.arg(agency_id) AND a.owner_id = sqlc.arg(agency_id) AND a.state = 'open'
  AND (a.due_on > sqlc.arg(after_due) OR a.due_on = sqlc.arg(after_due) AND a.id > sqlc.arg(after_id))
  AND (a.account_id = sqlc.arg(account_id)
    OR CAST(sqlc.arg(manages) AS boolean) AND a.manager_on <= sqlc.arg(today)
    OR EXISTS (SELECT 1 FROM marac_member m WHERE m.agency_id = a.marac_id AND m.of_agency = sqlc.arg(agency_id) AND m.account_id = sqlc.arg(account_id) AND m.accepted_at IS NOT NULL
      AND m.since_on <= sqlc.arg(today) AND (m.until_on = '' OR m.until_on >= sqlc.arg(today)) AND (m.capacity <> 'observer' OR m.signed_at IS NOT NULL)))
ORDER BY a.due_on, a.id LIMIT sqlc.arg(size);

-- name: OwnedAnswered :many
SELECT a.agency_id, a.id, a.marac_id, a.owner_id, a.meeting_id, a.case_id, a.file_id, a.number, a.kind, a.account_id, a.target, a.due_on, a.manager_on, a.coordinator_on, a.state, a.answered_on, a.source, a.words_sealed, a.recorded_at, a.recorded_by, a.version
FROM marac_action a
WHERE a.agency_id = sqlc.arg(agency_id) AND a.owner_id = sqlc.arg(agency_id) AND a.state IN ('done', 'not_done', 'no_longer_possible')
  AND (a.due_on < sqlc.arg(before_due) OR a.due_on = sqlc.arg(before_due) AND a.id < sqlc.arg(before_id))
  AND (a.account_id = sqlc.arg(account_id)
    OR EXISTS (SELECT 1 FROM marac_member m WHERE m.agency_id = a.marac_id AND m.of_agency = sqlc.arg(agency_id) AND m.account_id = sqlc.arg(account_id) AND m.accepted_at IS NOT NULL
      AND m.since_on <= sqlc.arg(today) AND (m.until_on = '' OR m.until_on >= sqlc.arg(today)) AND (m.capacity <> 'observer' OR m.signed_at IS NOT NULL)))
ORDER BY a.due_on DESC, a.id DESC LIMIT sqlc.arg(size);

-- name: OfCase :many
SELECT agency_id, id, marac_id, owner_id, meeting_id, case_id, file_id, number, kind, account_id, target, due_on, manager_on, coordinator_on, state, answered_on, source, words_sealed, recorded_at, recorded_by, version
FROM marac_action WHERE agency_id = $1 AND case_id = $2 AND marac_id = $1 ORDER BY due_on, id LIMIT 200;

-- name: OfMeeting :many
SELECT agency_id, id, marac_id, owner_id, meeting_id, case_id, file_id, number, kind, account_id, target, due_on, manager_on, coordinator_on, state, answered_on, source, words_sealed, recorded_at, recorded_by, version
FROM marac_action WHERE agency_id = $1 AND meeting_id = $2 AND marac_id = $1 ORDER BY due_on, id LIMIT 500;

-- name: OpenBefore :many
SELECT a.agency_id, a.id, a.marac_id, a.owner_id, a.meeting_id, a.case_id, a.file_id, a.number, a.kind, a.account_id, a.target, a.due_on, a.manager_on, a.coordinator_on, a.state, a.answered_on, a.source, a.words_sealed, a.recorded_at, a.recorded_by, a.version
FROM marac_action a
WHERE a.agency_id = sqlc.arg(agency_id) AND a.marac_id = sqlc.arg(agency_id) AND a.state = 'open' AND a.meeting_id <> sqlc.arg(meeting_id)
  AND (a.due_on > sqlc.arg(after_due) OR a.due_on = sqlc.arg(after_due) AND a.id > sqlc.arg(after_id))
  AND NOT EXISTS (SELECT 1 FROM marac_meeting m WHERE m.agency_id = a.agency_id AND m.id = a.meeting_id AND m.starts_at >= sqlc.arg(starts_at))
ORDER BY a.due_on, a.id LIMIT sqlc.arg(size);

-- name: Rates :many
SELECT a.owner_id, g.name,
  COUNT(*) AS given,
  COUNT(*) FILTER (WHERE a.state = 'done') AS done,
  COUNT(*) FILTER (WHERE a.state = 'done' AND a.answered_on <= a.due_on) AS in_time,
  COUNT(*) FILTER (WHERE a.state = 'not_done') AS not_done,
  COUNT(*) FILTER (WHERE a.state = 'no_longer_possible') AS gone,
  COUNT(*) FILTER (WHERE a.state = 'open') AS still_open,
  COUNT(*) FILTER (WHERE a.state = 'open' AND a.due_on < sqlc.arg(today)) AS overdue
FROM marac_action a JOIN agency g ON g.id = a.owner_id
WHERE a.agency_id = sqlc.arg(agency_id) AND a.marac_id = sqlc.arg(agency_id) AND a.due_on >= sqlc.arg(since)
GROUP BY a.owner_id, g.name ORDER BY g.name, a.owner_id;

-- name: OfFile :many
SELECT agency_id, id, marac_id, owner_id, meeting_id, case_id, file_id, number, kind, account_id, target, due_on, manager_on, coordinator_on, state, answered_on, source, words_sealed, recorded_at, recorded_by, version
FROM marac_action WHERE agency_id = $1 AND marac_id = $1 AND file_id = $2 ORDER BY due_on, id;

-- name: StepsOfFile :many
SELECT agency_id, id, action_id, marac_id, file_id, kind, words_sealed, recorded_at, recorded_by FROM marac_action_step
WHERE agency_id = $1 AND marac_id = $1 AND file_id = $2 ORDER BY action_id, id;

-- name: DeleteActions :execrows
DELETE FROM marac_action WHERE marac_id = $1 AND file_id = $2;

-- name: DeleteSteps :execrows
DELETE FROM marac_action_step WHERE marac_id = $1 AND file_id = $2;

-- name: AgencyWords :many
SELECT id, code, name FROM agency ORDER BY id LIMIT 5000;

-- name: NumbersOf :many
SELECT number, id, file_id, meeting_id FROM marac_case WHERE agency_id = $1;

-- name: SourcesOf :many
SELECT source FROM marac_action WHERE agency_id = $1 AND source <> '';

-- name: InsertList :exec
INSERT INTO marac_list (agency_id, id, kind, hash, lines, state, words_sealed, taken, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, 'checked', $6, 0, $7, $8, 1);

-- name: ListByID :one
SELECT agency_id, id, kind, hash, lines, state, words_sealed, taken, recorded_at, recorded_by, version FROM marac_list WHERE agency_id = $1 AND id = $2;

-- name: Lists :many
SELECT agency_id, id, kind, hash, lines, state, taken, recorded_at, recorded_by, version FROM marac_list WHERE agency_id = $1 ORDER BY recorded_at DESC, id DESC LIMIT 50;

-- name: SettleList :execrows
UPDATE marac_list SET state = $4, words_sealed = $5, taken = $6, recorded_at = $7, recorded_by = $8, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $3;

-- name: SameList :one
SELECT id FROM marac_list WHERE agency_id = $1 AND hash = $2 AND state <> 'discarded' ORDER BY recorded_at DESC LIMIT 1;
