-- name: InsertContact :exec
INSERT INTO support_contact (agency_id, id, file_id, state, outward, whom, channel, message, at, outcome, verdict, reason, flagged, task_id, words, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: Contacts :many
SELECT agency_id, id, file_id, state, outward, whom, channel, message, at, outcome, verdict, reason, flagged, task_id, words, recorded_at, recorded_by
FROM support_contact WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: ContactByID :one
SELECT agency_id, id, file_id, state, outward, whom, channel, message, at, outcome, verdict, reason, flagged, task_id, words, recorded_at, recorded_by
FROM support_contact WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: DeleteContacts :execrows
DELETE FROM support_contact WHERE agency_id = $1 AND file_id = $2;

-- name: InsertNeed :exec
INSERT INTO support_need (agency_id, id, file_id, domain, term, abuse, state, treated, treatment, trained, qualified, weeks, words, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: Needs :many
SELECT agency_id, id, file_id, domain, term, abuse, state, treated, treatment, trained, qualified, weeks, words, recorded_at, recorded_by, version
FROM support_need WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: NeedByID :one
SELECT agency_id, id, file_id, domain, term, abuse, state, treated, treatment, trained, qualified, weeks, words, recorded_at, recorded_by, version
FROM support_need WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: DeleteNeeds :execrows
DELETE FROM support_need WHERE agency_id = $1 AND file_id = $2;

-- name: InsertGoal :exec
INSERT INTO support_goal (agency_id, id, file_id, domain, state, words, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: Goals :many
SELECT agency_id, id, file_id, domain, state, words, recorded_at, recorded_by, version
FROM support_goal WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: GoalByID :one
SELECT agency_id, id, file_id, domain, state, words, recorded_at, recorded_by, version
FROM support_goal WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: DeleteGoals :execrows
DELETE FROM support_goal WHERE agency_id = $1 AND file_id = $2;

-- name: InsertAction :exec
INSERT INTO support_action (agency_id, id, file_id, owner, due_on, state, task_id, words, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: Actions :many
SELECT agency_id, id, file_id, owner, due_on, state, task_id, words, recorded_at, recorded_by, version
FROM support_action WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: ActionByID :one
SELECT agency_id, id, file_id, owner, due_on, state, task_id, words, recorded_at, recorded_by, version
FROM support_action WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: DeleteActions :execrows
DELETE FROM support_action WHERE agency_id = $1 AND file_id = $2;

-- name: InsertOffer :exec
INSERT INTO support_offer (agency_id, id, file_id, option, answer, words, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: Offers :many
SELECT agency_id, id, file_id, option, answer, words, recorded_at, recorded_by
FROM support_offer WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: DeleteOffers :execrows
DELETE FROM support_offer WHERE agency_id = $1 AND file_id = $2;

-- name: InsertPlan :exec
INSERT INTO support_plan (agency_id, id, file_id, risk_ref, needs, counts, together, review_on, words, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: Plans :many
SELECT agency_id, id, file_id, risk_ref, needs, counts, together, review_on, words, recorded_at, recorded_by
FROM support_plan WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: DeletePlans :execrows
DELETE FROM support_plan WHERE agency_id = $1 AND file_id = $2;

-- name: InsertOutcome :exec
INSERT INTO support_outcome (agency_id, id, file_id, stage, happened_on, words, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: Outcomes :many
SELECT agency_id, id, file_id, stage, happened_on, words, recorded_at, recorded_by
FROM support_outcome WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: DeleteOutcomes :execrows
DELETE FROM support_outcome WHERE agency_id = $1 AND file_id = $2;

-- name: SetContact :execrows
UPDATE support_contact SET state = $4, at = $5, outcome = $6, verdict = $7, reason = $8, flagged = $9, words = $10, recorded_at = $11, recorded_by = $12, channel = $13
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND state IN ('planned', 'begun');

-- name: SetNeed :execrows
UPDATE support_need SET state = $4, treated = $5, treatment = $6, trained = $7, qualified = $8, weeks = $9, words = $10, version = version + 1, abuse = $12
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND version = $11;

-- name: SetGoal :execrows
UPDATE support_goal SET state = $4, version = version + 1
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND version = $5;

-- name: SetAction :execrows
UPDATE support_action SET state = $4, words = $5, version = version + 1
WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND version = $6 AND state = 'open';

-- name: CaseRow :one
SELECT COALESCE(s.came, '') AS came, s.came_at, s.reached_at, s.cautious_at, COALESCE(s.unanswered, 0) AS unanswered, COALESCE(s.primary_id, '') AS primary_id,
  CAST(COALESCE((SELECT x.settings FROM support_setting x WHERE x.agency_id = f.agency_id AND x.set_at <= COALESCE(s.came_at, f.opened_at)
    ORDER BY x.set_at DESC, x.id DESC LIMIT 1), '') AS text) AS setting_then
FROM file f LEFT JOIN support_case s ON s.agency_id = f.agency_id AND s.file_id = f.id
WHERE f.agency_id = $1 AND f.id = $2;

-- name: InsertSetting :exec
INSERT INTO support_setting (agency_id, id, settings, set_at, set_by) VALUES ($1, $2, $3, $4, $5);

-- name: Settings :many
SELECT settings, set_at, set_by FROM support_setting WHERE agency_id = $1 ORDER BY set_at DESC, id DESC LIMIT $2;

-- name: Brief :one
SELECT (SELECT count(*) FROM support_contact c WHERE c.agency_id = f.agency_id AND c.file_id = f.id) AS contacts,
  (SELECT count(*) FROM support_need n WHERE n.agency_id = f.agency_id AND n.file_id = f.id) AS needs,
  (SELECT count(*) FROM support_plan p WHERE p.agency_id = f.agency_id AND p.file_id = f.id) AS plans,
  COALESCE(s.came, '') AS came, s.came_at, s.reached_at, s.cautious_at, COALESCE(s.unanswered, 0) AS unanswered, COALESCE(s.primary_id, '') AS primary_id,
  CAST(COALESCE((SELECT x.settings FROM support_setting x WHERE x.agency_id = f.agency_id AND x.set_at <= COALESCE(s.came_at, f.opened_at)
    ORDER BY x.set_at DESC, x.id DESC LIMIT 1), '') AS text) AS setting_then
FROM file f LEFT JOIN support_case s ON s.agency_id = f.agency_id AND s.file_id = f.id
WHERE f.agency_id = $1 AND f.id = $2;

-- name: EnsureCase :exec
INSERT INTO support_case (agency_id, file_id, came, unanswered, primary_id) VALUES ($1, $2, '', 0, '')
ON CONFLICT (agency_id, file_id) DO NOTHING;

-- name: AskedAt :exec
-- The earlier of two askings counts; whoever was reached is not counted anew.
UPDATE support_case SET came_at = sqlc.arg(at), came = CASE WHEN came = '' THEN CAST(sqlc.arg(came) AS text) ELSE came END
WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND reached_at IS NULL AND (came_at IS NULL OR came_at > sqlc.arg(at));

-- name: SetCame :exec
UPDATE support_case SET came = $3, came_at = $4, primary_id = $5 WHERE agency_id = $1 AND file_id = $2;

-- name: SetReached :exec
UPDATE support_case SET unanswered = 0, reached_at = CASE WHEN reached_at IS NULL OR reached_at > sqlc.arg(at) THEN sqlc.arg(at) ELSE reached_at END
WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id);

-- name: TakeCautious :execrows
UPDATE support_case SET cautious_at = $3 WHERE agency_id = $1 AND file_id = $2 AND cautious_at IS NULL AND reached_at IS NULL;

-- name: CountUnanswered :one
UPDATE support_case SET unanswered = unanswered + 1 WHERE agency_id = $1 AND file_id = $2 RETURNING unanswered;

-- name: DeleteCase :execrows
DELETE FROM support_case WHERE agency_id = $1 AND file_id = $2;
