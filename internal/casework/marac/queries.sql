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

-- name: Maracs :many
SELECT * FROM marac ORDER BY agency_id LIMIT 500;

-- name: DeletePartiesOnFile :execrows
DELETE FROM marac_party WHERE marac_party.agency_id = sqlc.arg(agency_id)
  AND case_id IN (SELECT c.id FROM marac_case c WHERE c.agency_id = sqlc.arg(agency_id) AND c.file_id = sqlc.arg(file_id));

-- name: DeleteCasesOnFile :execrows
DELETE FROM marac_case WHERE agency_id = $1 AND file_id = $2;
