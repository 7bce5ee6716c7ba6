-- name: InsertReferral :exec
INSERT INTO referral (agency_id, id, file_id, share_id, subject, to_agency, to_team, to_account, specialist, state, offered_at, answer, sent_at,
  decision, decision_words, receiver_file, feedback_share, created_by, created_at, version, follows, passes_on, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, '', '', $15, $16, 1, $17, $18, $19);

-- name: ReferralByID :one
SELECT agency_id, id, file_id, share_id, subject, to_agency, to_team, to_account, specialist, state, offered_at, answer, sent_at,
  acknowledged_at, decided_at, decision, decision_words, receiver_file, feedback_at, feedback_share, created_by, created_at, version, follows, passes_on, reason
FROM referral WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: ReferralByShare :one
SELECT agency_id, id, file_id, share_id, subject, to_agency, to_team, to_account, specialist, state, offered_at, answer, sent_at,
  acknowledged_at, decided_at, decision, decision_words, receiver_file, feedback_at, feedback_share, created_by, created_at, version, follows, passes_on, reason
FROM referral WHERE agency_id = $1 AND share_id = $2;

-- name: ReferralByReceiver :one
SELECT agency_id, id, file_id, share_id, subject, to_agency, to_team, to_account, specialist, state, offered_at, answer, sent_at,
  acknowledged_at, decided_at, decision, decision_words, receiver_file, feedback_at, feedback_share, created_by, created_at, version, follows, passes_on, reason
FROM referral WHERE to_agency = $1 AND receiver_file = $2;

-- name: ReferralsOfFile :many
SELECT agency_id, id, file_id, share_id, subject, to_agency, to_team, to_account, specialist, state, offered_at, answer, sent_at,
  acknowledged_at, decided_at, decision, decision_words, receiver_file, feedback_at, feedback_share, created_by, created_at, version, follows, passes_on, reason
FROM referral WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: SetAnswer :execrows
UPDATE referral SET state = $3, answer = $4, reason = $6, version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $5;

-- name: SetSent :execrows
UPDATE referral SET state = $3, share_id = $4, sent_at = $5, to_agency = $6, to_team = $7, to_account = $8, specialist = $9, subject = $10, follows = $12, passes_on = $13,
  version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $11;

-- name: SetAcknowledged :execrows
UPDATE referral SET state = $3, acknowledged_at = $4, version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $5;

-- name: SetDecided :execrows
UPDATE referral SET state = $3, decided_at = $4, decision = $5, decision_words = $6, receiver_file = $7, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $8;

-- name: SetFedBack :execrows
UPDATE referral SET state = $3, feedback_at = $4, feedback_share = $5, version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $6;

-- name: SetWithdrawn :execrows
UPDATE referral SET state = $3, version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $4;

-- name: AllReferrals :many
SELECT agency_id, id, file_id, share_id, subject, to_agency, to_team, to_account, specialist, state, offered_at, answer, sent_at,
  acknowledged_at, decided_at, decision, decision_words, receiver_file, feedback_at, feedback_share, created_by, created_at, version, follows, passes_on, reason
FROM referral WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: DeleteReferrals :execrows
DELETE FROM referral WHERE agency_id = $1 AND file_id = $2;

-- name: InsertStage :exec
INSERT INTO referral_stage (agency_id, id, file_id, referral_id, stage, reason, share_id, words, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: StagesOfFile :many
SELECT agency_id, id, file_id, referral_id, stage, reason, share_id, words, made_at, made_by FROM referral_stage
WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: AllStages :many
SELECT agency_id, id, file_id, referral_id, stage, reason, share_id, words, made_at, made_by FROM referral_stage
WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC;

-- name: DeleteStages :execrows
DELETE FROM referral_stage WHERE agency_id = $1 AND file_id = $2;

-- name: InsertOnce :execrows
INSERT INTO referral_once (agency_id, once, file_id) VALUES ($1, $2, $3) ON CONFLICT (agency_id, once) DO NOTHING;

-- name: FileSentOnce :one
SELECT file_id FROM referral_once WHERE agency_id = $1 AND once = $2;

-- name: DeleteOnce :exec
DELETE FROM referral_once WHERE agency_id = $1 AND file_id = $2;
