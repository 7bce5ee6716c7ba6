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
