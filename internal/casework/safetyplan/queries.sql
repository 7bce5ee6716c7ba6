-- name: InsertPlan :exec
INSERT INTO safety_plan (agency_id, id, file_id, number, questions, answers, apart, has_apart, together, why_alone, present, views,
  review_on, act_now, why_now, level, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18);

-- name: PlanByID :one
SELECT agency_id, id, file_id, number, questions, answers, apart, has_apart, together, why_alone, present, views,
  review_on, act_now, why_now, level, recorded_at, recorded_by
FROM safety_plan WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: PlanByNumber :one
SELECT agency_id, id, file_id, number, questions, answers, apart, has_apart, together, why_alone, present, views,
  review_on, act_now, why_now, level, recorded_at, recorded_by
FROM safety_plan WHERE agency_id = $1 AND file_id = $2 AND number = $3;

-- name: LatestPlan :one
SELECT agency_id, id, file_id, number, questions, answers, apart, has_apart, together, why_alone, present, views,
  review_on, act_now, why_now, level, recorded_at, recorded_by
FROM safety_plan WHERE agency_id = $1 AND file_id = $2 ORDER BY number DESC LIMIT 1;

-- name: AllPlans :many
SELECT agency_id, id, file_id, number, questions, answers, apart, has_apart, together, why_alone, present, views,
  review_on, act_now, why_now, level, recorded_at, recorded_by
FROM safety_plan WHERE agency_id = $1 AND file_id = $2 ORDER BY number;

-- name: Versions :many
SELECT id, number, together, recorded_at, recorded_by FROM safety_plan WHERE agency_id = $1 AND file_id = $2 ORDER BY number DESC LIMIT 200;

-- name: SetNewest :exec
INSERT INTO safety_plan_newest (agency_id, file_id, plan_id, number, review_on) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (agency_id, file_id) DO UPDATE SET plan_id = excluded.plan_id, number = excluded.number, review_on = excluded.review_on;

-- name: Newest :one
SELECT plan_id, number, review_on FROM safety_plan_newest WHERE agency_id = $1 AND file_id = $2;

-- name: InsertReview :exec
INSERT INTO safety_plan_review (agency_id, id, file_id, plan_id, reason, review_on, act_now, why_now, level, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: Reviews :many
SELECT id, plan_id, reason, review_on, act_now, why_now, level, recorded_at, recorded_by
FROM safety_plan_review WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 200;

-- name: InsertChange :exec
INSERT INTO safety_plan_change (agency_id, id, file_id, kind, happens_on, words, due_on, recorded_at, recorded_by, settled_by, settled_ref)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '');

-- name: OpenChanges :many
SELECT id, kind, happens_on, words, due_on, recorded_at, recorded_by
FROM safety_plan_change WHERE agency_id = $1 AND file_id = $2 AND settled_at IS NULL ORDER BY id LIMIT 50;

-- name: AllChanges :many
SELECT id, kind, happens_on, words, due_on, recorded_at, recorded_by, settled_at, settled_by, settled_ref
FROM safety_plan_change WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT 500;

-- name: SettleChanges :exec
UPDATE safety_plan_change SET settled_at = $3, settled_by = $4, settled_ref = $5 WHERE agency_id = $1 AND file_id = $2 AND settled_at IS NULL;

-- name: InsertStep :exec
INSERT INTO safety_plan_step (agency_id, id, file_id, plan_id, body, owner, account_id, owner_words, due_on, task_id, state, note, recorded_at, recorded_by, settled_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $12, $13, '');

-- name: Steps :many
SELECT id, plan_id, body, owner, account_id, owner_words, due_on, task_id, state, note, recorded_at, recorded_by, settled_at, settled_by
FROM safety_plan_step WHERE agency_id = $1 AND file_id = $2 ORDER BY due_on, id LIMIT 200;

-- name: StepByID :one
SELECT id, plan_id, body, owner, account_id, owner_words, due_on, task_id, state, note, recorded_at, recorded_by, settled_at, settled_by
FROM safety_plan_step WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: SettleStep :execrows
UPDATE safety_plan_step SET state = $4, note = $5, settled_at = $6, settled_by = $7
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND state = 'open';

-- name: InsertCopy :exec
INSERT INTO safety_plan_copy (agency_id, id, file_id, plan_id, act, form, words, happened_on, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: Copies :many
SELECT id, plan_id, act, form, words, happened_on, recorded_at, recorded_by
FROM safety_plan_copy WHERE agency_id = $1 AND plan_id = $2 ORDER BY id DESC LIMIT 200;

-- name: CopiesOfFile :many
SELECT id, plan_id, act, form, words, happened_on, recorded_at, recorded_by
FROM safety_plan_copy WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: Choice :one
SELECT form FROM safety_plan_copy WHERE agency_id = $1 AND plan_id = $2 AND act = 'chosen' ORDER BY id DESC LIMIT 1;

-- name: DeleteCopies :exec
DELETE FROM safety_plan_copy WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteSteps :execrows
DELETE FROM safety_plan_step WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteChanges :execrows
DELETE FROM safety_plan_change WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteReviews :exec
DELETE FROM safety_plan_review WHERE agency_id = $1 AND file_id = $2;

-- name: DeleteNewest :exec
DELETE FROM safety_plan_newest WHERE agency_id = $1 AND file_id = $2;

-- name: DeletePlans :execrows
DELETE FROM safety_plan WHERE agency_id = $1 AND file_id = $2;
