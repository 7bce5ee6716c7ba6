-- name: InsertShare :exec
INSERT INTO share (agency_id, id, file_id, person_id, reason, answers, sender_account, sender_team, to_agency, to_team, to_account,
  basis, agreement, asked, informed, tell_on, serious_risk, child_at_risk, other_ground, acted_now, due_on, sent_at, expires_at, acknowledged_by, outcome)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, '', '');

-- name: InsertCopy :exec
INSERT INTO share_copy (agency_id, share_id, file_id, sender, protects, harm, rationale, view_words, view_why, present, not_told, person)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: InsertItem :exec
INSERT INTO share_item (agency_id, share_id, seq, kind, title, body) VALUES ($1, $2, $3, $4, $5, $6);

-- name: ShareByID :one
SELECT agency_id, id, file_id, person_id, reason, answers, sender_account, sender_team, to_agency, to_team, to_account,
  basis, agreement, asked, informed, tell_on, serious_risk, child_at_risk, other_ground, acted_now, due_on, sent_at, expires_at,
  acknowledged_at, acknowledged_by, settled_at, outcome, withdrawn_at
FROM share WHERE id = $1;

-- name: SharesOfFile :many
SELECT agency_id, id, file_id, person_id, reason, answers, sender_account, sender_team, to_agency, to_team, to_account,
  basis, agreement, asked, informed, tell_on, serious_risk, child_at_risk, other_ground, acted_now, due_on, sent_at, expires_at,
  acknowledged_at, acknowledged_by, settled_at, outcome, withdrawn_at
FROM share WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: SharesTakenIn :many
SELECT s.agency_id, s.id, s.file_id, s.person_id, s.reason, s.answers, s.sender_account, s.sender_team, s.to_agency, s.to_team, s.to_account,
  s.basis, s.agreement, s.asked, s.informed, s.tell_on, s.serious_risk, s.child_at_risk, s.other_ground, s.acted_now, s.due_on, s.sent_at, s.expires_at,
  s.acknowledged_at, s.acknowledged_by, s.settled_at, s.outcome, s.withdrawn_at
FROM share_copy c JOIN share s ON s.id = c.share_id
WHERE c.agency_id = $1 AND c.file_id = $2 AND s.agency_id <> c.agency_id ORDER BY s.id DESC LIMIT $3;

-- name: Copy :one
SELECT agency_id, share_id, file_id, sender, protects, harm, rationale, view_words, view_why, present, not_told, person
FROM share_copy WHERE agency_id = $1 AND share_id = $2;

-- name: Items :many
SELECT seq, kind, title, body FROM share_item WHERE agency_id = $1 AND share_id = $2 ORDER BY seq;

-- name: Acknowledge :execrows
UPDATE share SET acknowledged_at = sqlc.arg(now), acknowledged_by = sqlc.arg(account)
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id) AND acknowledged_at IS NULL AND withdrawn_at IS NULL AND expires_at > sqlc.arg(open_at);

-- name: InsertReceipt :exec
INSERT INTO share_receipt (agency_id, share_id, name) VALUES ($1, $2, $3);

-- name: Receipt :one
SELECT name FROM share_receipt WHERE agency_id = $1 AND share_id = $2;

-- name: Settle :execrows
UPDATE share SET settled_at = sqlc.arg(now), outcome = sqlc.arg(outcome)
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id) AND acknowledged_at IS NOT NULL AND settled_at IS NULL AND withdrawn_at IS NULL AND expires_at > sqlc.arg(open_at);

-- name: Withdraw :execrows
UPDATE share SET withdrawn_at = sqlc.arg(now)
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id) AND file_id = sqlc.arg(file_id) AND settled_at IS NULL AND withdrawn_at IS NULL;

-- name: TakeIn :execrows
UPDATE share_copy SET file_id = sqlc.arg(file_id) WHERE agency_id = sqlc.arg(agency_id) AND share_id = sqlc.arg(share_id) AND file_id = '';

-- name: InsertShareMark :exec
INSERT INTO share_mark (agency_id, share_id, kind, mark) VALUES ($1, $2, $3, $4)
ON CONFLICT (agency_id, share_id, kind, mark) DO NOTHING;

-- name: TiedToShare :many
SELECT DISTINCT t.account_id FROM share_mark m
JOIN worker_mark k ON k.agency_id = m.agency_id AND k.mark = m.mark
JOIN worker_tie t ON t.agency_id = k.agency_id AND t.id = k.tie_id
WHERE m.agency_id = $1 AND m.share_id = $2 AND t.withdrawn_at IS NULL ORDER BY t.account_id;

-- name: CopiesOf :many
-- Every copy of a packet that a file holds: those it sent and those it took in.
SELECT s.agency_id, s.id, s.file_id, s.person_id, s.reason, s.answers, s.sender_account, s.sender_team, s.to_agency, s.to_team, s.to_account,
  s.basis, s.agreement, s.asked, s.informed, s.tell_on, s.serious_risk, s.child_at_risk, s.other_ground, s.acted_now, s.due_on, s.sent_at, s.expires_at,
  s.acknowledged_at, s.acknowledged_by, s.settled_at, s.outcome, s.withdrawn_at
FROM share_copy c JOIN share s ON s.id = c.share_id
WHERE c.agency_id = $1 AND c.file_id = $2 ORDER BY s.id;

-- name: DeleteItems :execrows
DELETE FROM share_item WHERE share_item.agency_id = sqlc.arg(agency_id)
  AND share_id IN (SELECT c.share_id FROM share_copy c WHERE c.agency_id = sqlc.arg(agency_id) AND c.file_id = sqlc.arg(file_id));

-- name: DeleteReceipts :execrows
DELETE FROM share_receipt WHERE share_receipt.agency_id = sqlc.arg(agency_id)
  AND share_id IN (SELECT s.id FROM share s WHERE s.agency_id = sqlc.arg(agency_id) AND s.file_id = sqlc.arg(file_id));

-- name: DeleteShareMarks :execrows
DELETE FROM share_mark WHERE share_mark.agency_id = sqlc.arg(agency_id)
  AND share_id IN (SELECT c.share_id FROM share_copy c WHERE c.agency_id = sqlc.arg(agency_id) AND c.file_id = sqlc.arg(file_id));

-- name: DeleteCopies :execrows
DELETE FROM share_copy WHERE agency_id = $1 AND file_id = $2;

-- name: InsertAnswer :exec
INSERT INTO share_answer (agency_id, share_id, part, effect, missing, clauses) VALUES ($1, $2, $3, $4, $5, $6);

-- name: Answers :many
SELECT part, effect, missing, clauses FROM share_answer WHERE agency_id = $1 AND share_id = $2 ORDER BY part;

-- name: DeleteAnswers :execrows
DELETE FROM share_answer WHERE share_answer.agency_id = sqlc.arg(agency_id)
  AND share_id IN (SELECT s.id FROM share s WHERE s.agency_id = sqlc.arg(agency_id) AND s.file_id = sqlc.arg(file_id));

-- name: InsertOverride :exec
INSERT INTO share_override (agency_id, share_id, file_id, denied, reviewed, contact, reason, due_on, made_at, made_by, verdict, words, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, '');

-- name: OverridesWaiting :many
SELECT o.share_id, o.file_id, f.number, s.to_agency, s.to_team, s.to_account, o.denied, o.reviewed, o.contact, o.due_on, o.made_at, o.made_by,
  CAST(EXISTS (SELECT 1 FROM conflict_of_interest c WHERE c.agency_id = o.agency_id AND c.file_id = o.file_id AND c.account_id = sqlc.arg(account) AND c.lifted_at IS NULL) AS boolean) AS tied
FROM share_override o JOIN share s ON s.agency_id = o.agency_id AND s.id = o.share_id JOIN file f ON f.agency_id = o.agency_id AND f.id = o.file_id
WHERE o.agency_id = sqlc.arg(agency_id) AND o.verdict = '' ORDER BY o.due_on, o.share_id LIMIT sqlc.arg(size);

-- name: OverrideByID :one
SELECT o.agency_id, o.share_id, o.file_id, f.number, s.person_id, s.to_agency, s.to_team, s.to_account, o.denied, o.reviewed, o.contact, o.reason, o.due_on, o.made_at, o.made_by,
  o.verdict, o.words, o.decided_at, o.decided_by
FROM share_override o JOIN share s ON s.agency_id = o.agency_id AND s.id = o.share_id JOIN file f ON f.agency_id = o.agency_id AND f.id = o.file_id
WHERE o.agency_id = $1 AND o.share_id = $2;

-- name: DecideOverride :execrows
UPDATE share_override SET verdict = $3, words = $4, decided_at = $5, decided_by = $6 WHERE agency_id = $1 AND share_id = $2 AND verdict = '';

-- name: OverridesOfFile :many
SELECT share_id, reason, words, verdict FROM share_override WHERE agency_id = $1 AND file_id = $2 ORDER BY share_id;

-- name: DeleteOverrides :execrows
DELETE FROM share_override WHERE agency_id = $1 AND file_id = $2;

-- name: TiedToFile :many
SELECT account_id FROM conflict_of_interest WHERE agency_id = $1 AND file_id = $2 AND lifted_at IS NULL ORDER BY account_id;

-- name: SentBetween :many
-- What an agency sent in a time, as codes and times.
SELECT s.agreement, s.to_agency, s.sent_at, s.due_on, s.acknowledged_at, s.withdrawn_at, s.outcome, CAST(o.share_id IS NOT NULL AS boolean) AS overridden
FROM share s LEFT JOIN share_override o ON o.agency_id = s.agency_id AND o.share_id = s.id
WHERE s.agency_id = $1 AND s.sent_at >= $2 AND s.sent_at < $3 ORDER BY s.sent_at, s.id LIMIT 100000;
