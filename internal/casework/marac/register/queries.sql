-- name: InsertReferral :exec
INSERT INTO marac_referral (agency_id, share_id, file_id, from_agency, to_agency, answer, idva, words_sealed, answer_sealed, sent_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: ReferralByShare :one
SELECT * FROM marac_referral WHERE agency_id = $1 AND share_id = $2;

-- name: ReferralsOfFile :many
SELECT * FROM marac_referral WHERE agency_id = $1 AND file_id = $2 ORDER BY sent_at DESC, share_id DESC LIMIT 50;

-- name: SetAnswer :exec
UPDATE marac_referral SET answer = $3, answer_sealed = $4, answered_at = $5 WHERE agency_id = $1 AND share_id = $2;

-- name: TakeIn :execrows
UPDATE marac_referral SET file_id = $3, answer = 'taken' WHERE agency_id = $1 AND share_id = $2 AND file_id = '';

-- name: InsertKey :exec
INSERT INTO marac_key (agency_id, mark, role, case_id, person_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: InsertStep :exec
INSERT INTO marac_step (agency_id, id, case_id, file_id, kind, words_sealed, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: StepsOfFile :many
SELECT * FROM marac_step WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 500;

-- name: DeleteKeysOfFile :execrows
DELETE FROM marac_key WHERE marac_key.agency_id = sqlc.arg(agency_id)
  AND case_id IN (SELECT c.id FROM marac_case c WHERE c.agency_id = sqlc.arg(agency_id) AND c.file_id = sqlc.arg(file_id));

-- name: DeleteStepsOfFile :execrows
DELETE FROM marac_step WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteReferralsOfFile :execrows
DELETE FROM marac_referral WHERE agency_id = $1 AND file_id = $2;
