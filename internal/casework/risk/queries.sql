-- name: InsertIdentification :exec
INSERT INTO risk_identification (agency_id, id, file_id, questions, response, yes_count, unknown_count, unanswered, asked,
  judgement, reason, escalation, escalation_evidence, repeat, repeat_evidence, views, review_on, act_now, why_now, level, recorded_at, recorded_by,
  response_sealed, reason_sealed, escalation_evidence_sealed, repeat_evidence_sealed, views_sealed, why_now_sealed,
  kind, danger, total, incidents, last_referral, repeat_on, repeat_crime, repeat_rule, aside_sealed)
VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, $9, '', $10, '', $11, '', '', $12, $13, '', $14, $15, $16, $17, $18, $19, $20, $21, $22,
  $23, $24, $25, $26, $27, $28, $29, $30, $31);

-- name: Identification :one
SELECT agency_id, id, file_id, questions, response, yes_count, unknown_count, unanswered, asked,
  judgement, reason, escalation, escalation_evidence, repeat, repeat_evidence, views, review_on, act_now, why_now, level, recorded_at, recorded_by,
  response_sealed, reason_sealed, escalation_evidence_sealed, repeat_evidence_sealed, views_sealed, why_now_sealed,
  kind, danger, total, incidents, last_referral, repeat_on, repeat_crime, repeat_rule, aside_sealed
FROM risk_identification WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: LatestIdentification :one
SELECT agency_id, id, file_id, questions, response, yes_count, unknown_count, unanswered, asked,
  judgement, reason, escalation, escalation_evidence, repeat, repeat_evidence, views, review_on, act_now, why_now, level, recorded_at, recorded_by,
  response_sealed, reason_sealed, escalation_evidence_sealed, repeat_evidence_sealed, views_sealed, why_now_sealed,
  kind, danger, total, incidents, last_referral, repeat_on, repeat_crime, repeat_rule, aside_sealed
FROM risk_identification WHERE agency_id = $1 AND file_id = $2 AND kind = $3 ORDER BY id DESC LIMIT 1;

-- name: Identifications :many
SELECT agency_id, id, file_id, questions, response, yes_count, unknown_count, unanswered, asked,
  judgement, reason, escalation, escalation_evidence, repeat, repeat_evidence, views, review_on, act_now, why_now, level, recorded_at, recorded_by,
  response_sealed, reason_sealed, escalation_evidence_sealed, repeat_evidence_sealed, views_sealed, why_now_sealed,
  kind, danger, total, incidents, last_referral, repeat_on, repeat_crime, repeat_rule, aside_sealed
FROM risk_identification WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: DeleteIdentifications :execrows
DELETE FROM risk_identification WHERE agency_id = $1 AND file_id = $2;

-- name: History :many
SELECT id, kind, questions, danger, recorded_at, recorded_by
FROM risk_identification WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: InsertDraft :exec
INSERT INTO risk_draft (agency_id, id, file_id, account_id, questions, kind, after_id, words_sealed, started_at, saved_at, expires_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1);

-- name: Draft :one
SELECT agency_id, id, file_id, account_id, questions, kind, after_id, words_sealed, started_at, saved_at, expires_at, version
FROM risk_draft WHERE agency_id = $1 AND file_id = $2 AND account_id = $3 AND id = $4 AND expires_at > $5;

-- name: DraftsOf :many
SELECT id, questions, kind, started_at, saved_at, expires_at
FROM risk_draft WHERE agency_id = $1 AND file_id = $2 AND account_id = $3 AND expires_at > $4 ORDER BY id LIMIT $5;

-- name: DraftsOfFile :many
SELECT agency_id, id, file_id, account_id, questions, kind, after_id, words_sealed, started_at, saved_at, expires_at, version
FROM risk_draft WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: SaveDraft :execrows
UPDATE risk_draft SET words_sealed = $5, saved_at = $6, expires_at = $7, version = version + 1
WHERE agency_id = $1 AND id = $2 AND account_id = $3 AND version = $4;

-- name: DropDraft :execrows
DELETE FROM risk_draft WHERE agency_id = $1 AND file_id = $2 AND account_id = $3 AND id = $4;

-- name: UseDraft :execrows
DELETE FROM risk_draft WHERE agency_id = $1 AND file_id = $2 AND account_id = $3 AND id = $4 AND version = $5;

-- name: DropExpired :execrows
DELETE FROM risk_draft WHERE agency_id = $1 AND expires_at <= $2;

-- name: DeleteDrafts :execrows
DELETE FROM risk_draft WHERE agency_id = $1 AND file_id = $2;

-- name: SetReview :exec
INSERT INTO risk_review (agency_id, file_id, assessment_id, due_on, danger) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (agency_id, file_id) DO UPDATE SET assessment_id = excluded.assessment_id, due_on = excluded.due_on, danger = excluded.danger;

-- name: DeleteReview :execrows
DELETE FROM risk_review WHERE agency_id = $1 AND file_id = $2;

-- name: InsertRepeatRule :exec
INSERT INTO risk_repeat_rule (agency_id, id, rule, applies_from, set_at, set_by) VALUES ($1, $2, $3, $4, $5, $6);

-- name: RepeatRules :many
SELECT id, rule, applies_from, set_at, set_by FROM risk_repeat_rule WHERE agency_id = $1 ORDER BY applies_from DESC, id DESC LIMIT $2;

-- name: RepeatRuleOn :one
SELECT rule FROM risk_repeat_rule WHERE agency_id = $1 AND applies_from <= $2 ORDER BY applies_from DESC, id DESC LIMIT 1;
