-- name: InsertIdentification :exec
INSERT INTO risk_identification (agency_id, id, file_id, questions, response, yes_count, unknown_count, unanswered, asked,
  judgement, reason, escalation, escalation_evidence, repeat, repeat_evidence, views, review_on, act_now, why_now, level, recorded_at, recorded_by,
  response_sealed, reason_sealed, escalation_evidence_sealed, repeat_evidence_sealed, views_sealed, why_now_sealed)
VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, $9, '', $10, '', $11, '', '', $12, $13, '', $14, $15, $16, $17, $18, $19, $20, $21, $22);

-- name: Identification :one
SELECT agency_id, id, file_id, questions, response, yes_count, unknown_count, unanswered, asked,
  judgement, reason, escalation, escalation_evidence, repeat, repeat_evidence, views, review_on, act_now, why_now, level, recorded_at, recorded_by,
  response_sealed, reason_sealed, escalation_evidence_sealed, repeat_evidence_sealed, views_sealed, why_now_sealed
FROM risk_identification WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: LatestIdentification :one
SELECT agency_id, id, file_id, questions, response, yes_count, unknown_count, unanswered, asked,
  judgement, reason, escalation, escalation_evidence, repeat, repeat_evidence, views, review_on, act_now, why_now, level, recorded_at, recorded_by,
  response_sealed, reason_sealed, escalation_evidence_sealed, repeat_evidence_sealed, views_sealed, why_now_sealed
FROM risk_identification WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 1;

-- name: Identifications :many
SELECT agency_id, id, file_id, questions, response, yes_count, unknown_count, unanswered, asked,
  judgement, reason, escalation, escalation_evidence, repeat, repeat_evidence, views, review_on, act_now, why_now, level, recorded_at, recorded_by,
  response_sealed, reason_sealed, escalation_evidence_sealed, repeat_evidence_sealed, views_sealed, why_now_sealed
FROM risk_identification WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: DeleteIdentifications :execrows
DELETE FROM risk_identification WHERE agency_id = $1 AND file_id = $2;
