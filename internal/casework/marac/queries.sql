-- name: InsertCase :exec
INSERT INTO marac_case (agency_id, id, file_id, number, share_id, from_agency, referred_on, state, urgent, visible, judgement, escalation, repeated, rule_since, repeats, meeting_id, slot, idva, came_from, heard_on, children, bme, lgbt, disabled, male, victim_16_17, harmer_to_17, words_sealed, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, 1);

-- name: InsertParty :exec
INSERT INTO marac_party (agency_id, case_id, person_id, role, words_sealed) VALUES ($1, $2, $3, $4, $5);

-- name: CasesOfMeeting :many
SELECT * FROM marac_case WHERE agency_id = $1 AND meeting_id = $2 ORDER BY slot, id;

-- name: PartiesOfMeeting :many
SELECT p.* FROM marac_case c JOIN marac_party p ON p.agency_id = c.agency_id AND p.case_id = c.id
WHERE c.agency_id = $1 AND c.meeting_id = $2 ORDER BY c.slot, c.id, p.role, p.person_id;

-- name: InsertMarac :exec
INSERT INTO marac (agency_id, team_id, minutes, refer_days, circulate_days, close_days, women, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1);

-- name: MaracByAgency :one
SELECT * FROM marac WHERE agency_id = $1;

-- name: InsertRule :exec
INSERT INTO marac_rule (agency_id, since_on, repeat_rule, threshold, incidents, months, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: RuleOn :one
SELECT * FROM marac_rule WHERE agency_id = $1 AND since_on <= $2 ORDER BY since_on DESC LIMIT 1;

-- name: Rules :many
SELECT * FROM marac_rule WHERE agency_id = $1 ORDER BY since_on DESC;

-- name: SetMarac :execrows
UPDATE marac SET minutes = $2, refer_days = $3, circulate_days = $4, close_days = $5, women = $6, recorded_at = $7, recorded_by = $8, version = version + 1
WHERE agency_id = $1 AND version = $9;

-- name: Maracs :many
SELECT m.agency_id, a.name FROM marac m JOIN agency a ON a.id = m.agency_id ORDER BY a.name, m.agency_id LIMIT $1;

-- name: Areas :many
SELECT * FROM marac_area WHERE agency_id = $1 ORDER BY kind, code;

-- name: InsertArea :exec
INSERT INTO marac_area (agency_id, kind, code, name) VALUES ($1, $2, $3, $4);

-- name: DeleteArea :execrows
DELETE FROM marac_area WHERE agency_id = $1 AND kind = $2 AND code = $3;

-- name: InsertMember :exec
INSERT INTO marac_member (agency_id, id, account_id, of_agency, capacity, given, since_on, until_on, named_by, named_at, accepted_by, accepted_at, signed_at, version)
VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, '', NULL, NULL, 1);

-- name: SetMember :execrows
UPDATE marac_member SET given = sqlc.arg(given), until_on = sqlc.arg(until_on), accepted_by = sqlc.arg(accepted_by), accepted_at = sqlc.arg(accepted_at), signed_at = sqlc.arg(signed_at), version = version + 1
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id) AND version = sqlc.arg(version);

-- name: MemberByID :one
SELECT * FROM marac_member WHERE agency_id = $1 AND id = $2;

-- name: Members :many
SELECT * FROM marac_member WHERE agency_id = sqlc.arg(agency_id) AND (until_on = '' OR until_on >= sqlc.arg(today))
ORDER BY of_agency, id LIMIT sqlc.arg(size);

-- name: MembersOf :many
SELECT * FROM marac_member WHERE agency_id = $1 AND of_agency = $2 ORDER BY id DESC LIMIT $3;

-- name: MembersOfAccount :many
SELECT * FROM marac_member WHERE account_id = $1 AND agency_id = $2 ORDER BY id;

-- name: CurrentMembers :many
SELECT * FROM marac_member WHERE agency_id = sqlc.arg(agency_id) AND accepted_at IS NOT NULL AND since_on <= sqlc.arg(today) AND (until_on = '' OR until_on >= sqlc.arg(today)) ORDER BY of_agency, id;

-- name: InsertMeeting :exec
INSERT INTO marac_meeting (agency_id, id, kind, starts_at, minutes, closes_list, circulate_at, close_at, state, words_sealed, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1);

-- name: SetMeeting :execrows
UPDATE marac_meeting SET starts_at = $3, minutes = $4, closes_list = $5, circulate_at = $6, close_at = $7, state = $8, words_sealed = $9, recorded_at = $10, recorded_by = $11, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $12;

-- name: MeetingByID :one
SELECT * FROM marac_meeting WHERE id = $1;

-- name: MeetingsAhead :many
SELECT * FROM marac_meeting WHERE agency_id = sqlc.arg(agency_id) AND starts_at >= sqlc.arg(from_at) ORDER BY starts_at, id LIMIT sqlc.arg(size);

-- name: MeetingsBefore :many
SELECT * FROM marac_meeting WHERE agency_id = sqlc.arg(agency_id) AND starts_at < sqlc.arg(before_at) ORDER BY starts_at DESC, id DESC LIMIT sqlc.arg(size);

-- name: SeatOf :one
SELECT * FROM marac_seat WHERE agency_id = $1 AND meeting_id = $2 AND account_id = $3;

-- name: Seats :many
SELECT * FROM marac_seat WHERE agency_id = $1 AND meeting_id = $2 ORDER BY of_agency, capacity, account_id;

-- name: SeatsOfAccount :many
SELECT m.agency_id, m.id, m.kind, m.starts_at, m.minutes, m.circulate_at, m.close_at, m.state, s.answer FROM marac_seat s
JOIN marac_meeting m ON m.agency_id = s.agency_id AND m.id = s.meeting_id
WHERE s.account_id = sqlc.arg(account_id) AND s.of_agency = sqlc.arg(of_agency) AND m.close_at > sqlc.arg(now) ORDER BY m.starts_at, m.id LIMIT sqlc.arg(size);

-- name: InsertSeat :exec
INSERT INTO marac_seat (agency_id, meeting_id, account_id, of_agency, capacity, answer, sent, statement_at, came_at, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, 'asked', FALSE, NULL, NULL, $6, $7, 1)
ON CONFLICT (agency_id, meeting_id, account_id) DO NOTHING;

-- name: SetAnswer :execrows
UPDATE marac_seat SET answer = $4, sent = $5, recorded_at = $6, recorded_by = $7, version = version + 1
WHERE agency_id = $1 AND meeting_id = $2 AND account_id = $3 AND version = $8;

-- name: AskAgain :exec
UPDATE marac_seat SET answer = 'asked', sent = FALSE, version = version + 1 WHERE agency_id = $1 AND meeting_id = $2 AND answer <> 'asked';

-- name: State :execrows
UPDATE marac_seat SET statement_at = $4, version = version + 1 WHERE agency_id = $1 AND meeting_id = $2 AND account_id = $3 AND statement_at IS NULL;

-- name: CaseByID :one
SELECT * FROM marac_case WHERE agency_id = $1 AND id = $2;

-- name: PartiesOfCase :many
SELECT * FROM marac_party WHERE agency_id = $1 AND case_id = $2 ORDER BY role, person_id;

-- name: SetSlot :exec
UPDATE marac_case SET slot = $4, version = version + 1 WHERE agency_id = $1 AND meeting_id = $2 AND id = $3;

-- name: MoveCases :execrows
UPDATE marac_case SET meeting_id = sqlc.arg(into_meeting), slot = slot + sqlc.arg(after_slot), version = version + 1 WHERE agency_id = sqlc.arg(agency_id) AND meeting_id = sqlc.arg(from_meeting);

-- name: ListOf :one
SELECT CAST(COUNT(*) AS bigint) AS listed, CAST(COALESCE(MAX(slot), 0) AS bigint) AS last FROM marac_case WHERE agency_id = $1 AND meeting_id = $2;

-- name: CaseOfFile :one
SELECT * FROM marac_case WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: CasesOnFile :many
SELECT * FROM marac_case WHERE agency_id = $1 AND file_id = $2 ORDER BY referred_on, id;

-- name: PartiesOnFile :many
SELECT p.* FROM marac_case c JOIN marac_party p ON p.agency_id = c.agency_id AND p.case_id = c.id
WHERE c.agency_id = $1 AND c.file_id = $2 ORDER BY p.case_id, p.role, p.person_id;

-- name: SetCase :execrows
UPDATE marac_case SET state = $4, urgent = $5, visible = $6, judgement = $7, escalation = $8, repeated = $9, rule_since = $10, repeats = $11, meeting_id = $12, slot = $13,
  idva = $14, came_from = $15, children = $16, bme = $17, lgbt = $18, disabled = $19, male = $20, victim_16_17 = $21, harmer_to_17 = $22, words_sealed = $23,
  recorded_at = $24, recorded_by = $25, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $3;

-- name: LastNumber :one
SELECT number FROM marac_case WHERE agency_id = sqlc.arg(agency_id) AND number LIKE sqlc.arg(prefix)
ORDER BY length(number) DESC, number DESC LIMIT 1;

-- name: LastSlot :one
SELECT CAST(COALESCE(MAX(slot), 0) AS bigint) FROM marac_case WHERE agency_id = $1 AND meeting_id = $2;

-- name: MeetingsToCome :many
SELECT * FROM marac_meeting WHERE agency_id = sqlc.arg(agency_id) AND starts_at > sqlc.arg(now) AND state = 'planned' ORDER BY starts_at, id LIMIT 20;

-- name: AreasOfPlace :many
SELECT * FROM marac_area WHERE kind = $1 AND code = $2 ORDER BY agency_id LIMIT 10;

-- name: MaracTeams :many
SELECT * FROM marac ORDER BY agency_id LIMIT 500;

-- name: DeletePartiesOnFile :execrows
DELETE FROM marac_party WHERE marac_party.agency_id = sqlc.arg(agency_id)
  AND case_id IN (SELECT c.id FROM marac_case c WHERE c.agency_id = sqlc.arg(agency_id) AND c.file_id = sqlc.arg(file_id));

-- name: DeleteCasesOnFile :execrows
DELETE FROM marac_case WHERE agency_id = $1 AND file_id = $2;

-- name: SetWasHeard :execrows
UPDATE marac_case SET state = 'heard', heard_on = $4, recorded_at = $5, recorded_by = $6, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $3 AND state = 'listed';

-- name: SetMeetingState :execrows
UPDATE marac_meeting SET state = sqlc.arg(state), recorded_at = sqlc.arg(recorded_at), recorded_by = sqlc.arg(recorded_by), version = version + 1
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(meeting_id) AND state = sqlc.arg(was_state);

-- name: SetCame :execrows
UPDATE marac_seat SET came_at = $4, answer = 'accepted', recorded_at = $5, recorded_by = $6, version = version + 1
WHERE agency_id = $1 AND meeting_id = $2 AND account_id = $3;

-- name: SetGone :execrows
UPDATE marac_seat SET came_at = NULL, recorded_at = $4, recorded_by = $5, version = version + 1 WHERE agency_id = $1 AND meeting_id = $2 AND account_id = $3;

-- name: SetHeard :execrows
UPDATE marac_case SET state = sqlc.arg(state), heard_on = sqlc.arg(heard_on), idva = sqlc.arg(idva), recorded_at = sqlc.arg(recorded_at), recorded_by = sqlc.arg(recorded_by), version = version + 1
WHERE agency_id = sqlc.arg(agency_id) AND meeting_id = sqlc.arg(meeting_id) AND id = sqlc.arg(id) AND state = 'listed';

-- name: SetIDVA :execrows
UPDATE marac_case SET idva = sqlc.arg(idva), version = version + 1 WHERE agency_id = sqlc.arg(agency_id) AND meeting_id = sqlc.arg(meeting_id) AND id = sqlc.arg(id);
