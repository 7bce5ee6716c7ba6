-- name: InsertVersion :exec
INSERT INTO pathway_version (pathway, number, document, published_at, published_by, withdrawn_by)
VALUES ($1, $2, $3, $4, $5, '');

-- name: Versions :many
SELECT pathway, number, document, published_at, published_by, withdrawn_at, withdrawn_by
FROM pathway_version WHERE pathway = $1 ORDER BY number DESC LIMIT 200;

-- name: Latest :many
SELECT v.pathway, v.number, v.document, v.published_at, v.published_by, v.withdrawn_at, v.withdrawn_by
FROM pathway_version v WHERE v.number = (SELECT MAX(n.number) FROM pathway_version n WHERE n.pathway = v.pathway)
ORDER BY v.pathway LIMIT 200;

-- name: Withdraw :execrows
UPDATE pathway_version SET withdrawn_at = $3, withdrawn_by = $4 WHERE pathway = $1 AND number = $2 AND withdrawn_at IS NULL;

-- name: InsertAnswer :exec
INSERT INTO pathway_answer (agency_id, id, file_id, pathway, number, step, state, on_day, task_id, words, answered_at, answered_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: Answers :many
-- Everything that was said, for a copy of all that is held.
SELECT agency_id, id, file_id, pathway, number, step, state, on_day, task_id, words, answered_at, answered_by
FROM pathway_answer WHERE agency_id = $1 AND file_id = $2 ORDER BY id;

-- name: DeleteAnswers :execrows
DELETE FROM pathway_answer WHERE agency_id = $1 AND file_id = $2;

-- name: Draft :one
SELECT pathway, document, version, changed_at, changed_by FROM pathway_draft WHERE pathway = $1;

-- name: Drafts :many
SELECT pathway, document, version, changed_at, changed_by FROM pathway_draft ORDER BY pathway LIMIT 200;

-- name: InsertDraft :exec
INSERT INTO pathway_draft (pathway, document, version, changed_at, changed_by) VALUES ($1, $2, 1, $3, $4);

-- name: ChangeDraft :execrows
UPDATE pathway_draft SET document = $2, version = version + 1, changed_at = $3, changed_by = $4 WHERE pathway = $1 AND version = $5;

-- name: DeleteDraft :execrows
DELETE FROM pathway_draft WHERE pathway = $1 AND version = $2;
