-- name: InsertShare :exec
INSERT INTO share (agency_id, id, file_id, person_id, reason, answers, sender_account, sender_team, to_agency, to_team, to_account,
  basis, agreement, asked, informed, tell_on, serious_risk, child_at_risk, other_ground, acted_now, due_on, sent_at, expires_at, acknowledged_by, outcome,
  urgent, remind_at, manager_at, contact_at, corrects, incapacity, court_order)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, '', '',
  $24, $25, $26, $27, $28, $29, $30);

-- name: InsertCopy :exec
INSERT INTO share_copy (agency_id, share_id, file_id, sender, protects, harm, rationale, view_words, view_why, present, not_told, person, informed_how, danger)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: InsertItem :exec
INSERT INTO share_item (agency_id, share_id, seq, kind, title, body) VALUES ($1, $2, $3, $4, $5, $6);

-- name: ShareByID :one
SELECT agency_id, id, file_id, person_id, reason, answers, sender_account, sender_team, to_agency, to_team, to_account,
  basis, agreement, asked, informed, tell_on, serious_risk, child_at_risk, other_ground, acted_now, due_on, sent_at, expires_at,
  acknowledged_at, acknowledged_by, settled_at, outcome, withdrawn_at,
  urgent, remind_at, manager_at, contact_at, corrects, incapacity, court_order
FROM share WHERE id = $1;

-- name: SharesOfFile :many
SELECT agency_id, id, file_id, person_id, reason, answers, sender_account, sender_team, to_agency, to_team, to_account,
  basis, agreement, asked, informed, tell_on, serious_risk, child_at_risk, other_ground, acted_now, due_on, sent_at, expires_at,
  acknowledged_at, acknowledged_by, settled_at, outcome, withdrawn_at,
  urgent, remind_at, manager_at, contact_at, corrects, incapacity, court_order
FROM share WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: SharesTakenIn :many
SELECT s.agency_id, s.id, s.file_id, s.person_id, s.reason, s.answers, s.sender_account, s.sender_team, s.to_agency, s.to_team, s.to_account,
  s.basis, s.agreement, s.asked, s.informed, s.tell_on, s.serious_risk, s.child_at_risk, s.other_ground, s.acted_now, s.due_on, s.sent_at, s.expires_at,
  s.acknowledged_at, s.acknowledged_by, s.settled_at, s.outcome, s.withdrawn_at,
  s.urgent, s.remind_at, s.manager_at, s.contact_at, s.corrects, s.incapacity, s.court_order
FROM share_copy c JOIN share s ON s.id = c.share_id
WHERE c.agency_id = $1 AND c.file_id = $2 AND s.agency_id <> c.agency_id ORDER BY s.id DESC LIMIT $3;

-- name: Copy :one
SELECT agency_id, share_id, file_id, sender, protects, harm, rationale, view_words, view_why, present, not_told, person, informed_how, danger
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
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id) AND file_id = sqlc.arg(file_id) AND outcome NOT IN ('accepted', 'declined') AND withdrawn_at IS NULL;

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
  s.acknowledged_at, s.acknowledged_by, s.settled_at, s.outcome, s.withdrawn_at,
  s.urgent, s.remind_at, s.manager_at, s.contact_at, s.corrects, s.incapacity, s.court_order
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
INSERT INTO share_override (agency_id, share_id, file_id, denied, reviewed, contact, reason, due_on, made_at, made_by, verdict, words, decided_by, kind)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, '', $12);

-- name: OverridesWaiting :many
SELECT o.share_id, o.file_id, f.number, s.to_agency, s.to_team, s.to_account, o.denied, o.reviewed, o.contact, o.due_on, o.made_at, o.made_by, o.kind,
  CAST(EXISTS (SELECT 1 FROM conflict_of_interest c WHERE c.agency_id = o.agency_id AND c.file_id = o.file_id AND c.account_id = sqlc.arg(account) AND c.lifted_at IS NULL) AS boolean) AS tied
FROM share_override o JOIN share s ON s.agency_id = o.agency_id AND s.id = o.share_id JOIN file f ON f.agency_id = o.agency_id AND f.id = o.file_id
WHERE o.agency_id = sqlc.arg(agency_id) AND o.verdict = '' ORDER BY o.due_on, o.share_id LIMIT sqlc.arg(size);

-- name: OverrideByID :one
SELECT o.agency_id, o.share_id, o.file_id, f.number, s.person_id, s.to_agency, s.to_team, s.to_account, o.denied, o.reviewed, o.contact, o.reason, o.due_on, o.made_at, o.made_by,
  o.verdict, o.words, o.decided_at, o.decided_by, o.kind
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

-- name: CorrectionOf :one
-- The newest share that puts another right, from its sender to the same receiver.
SELECT id, sent_at, withdrawn_at FROM share WHERE corrects = $1 AND agency_id = $2 AND to_agency = $3 ORDER BY id DESC LIMIT 1;

-- name: CorrectionsOf :many
-- What puts a share right and was not withdrawn, from its sender to the same receiver.
SELECT agency_id, id, file_id, person_id, reason, answers, sender_account, sender_team, to_agency, to_team, to_account,
  basis, agreement, asked, informed, tell_on, serious_risk, child_at_risk, other_ground, acted_now, due_on, sent_at, expires_at,
  acknowledged_at, acknowledged_by, settled_at, outcome, withdrawn_at,
  urgent, remind_at, manager_at, contact_at, corrects, incapacity, court_order
FROM share WHERE corrects = $1 AND agency_id = $2 AND to_agency = $3 AND withdrawn_at IS NULL ORDER BY id;

-- name: InsertSetting :exec
INSERT INTO share_setting (agency_id, id, settings, set_at, set_by) VALUES ($1, $2, $3, $4, $5);

-- name: Settings :many
SELECT settings, set_at, set_by FROM share_setting WHERE agency_id = $1 ORDER BY set_at DESC, id DESC LIMIT $2;

-- name: FileOfCopy :one
SELECT file_id FROM share_copy WHERE agency_id = $1 AND share_id = $2;

-- name: InsertChase :exec
INSERT INTO share_chase (agency_id, id, share_id, account_id, chased_at) VALUES ($1, $2, $3, $4, $5);

-- name: Responsible :many
-- The managers and key contacts of an agency.
SELECT m.account_id, m.roles FROM member m JOIN account a ON a.id = m.account_id
WHERE m.agency_id = $1 AND m.ended_at IS NULL AND a.kind = 'human' AND NOT a.disabled AND (m.roles LIKE '%manager%' OR m.roles LIKE '%key_contact%')
ORDER BY m.account_id LIMIT 200;

-- name: ManagersTeams :many
SELECT t.account_id, t.team_id FROM team_member t JOIN member m ON m.agency_id = t.agency_id AND m.account_id = t.account_id
WHERE t.agency_id = $1 AND m.ended_at IS NULL AND m.roles LIKE '%manager%' ORDER BY t.account_id, t.team_id LIMIT 1000;

-- name: Unanswered :many
-- What is escalated at a receiver: what is urgent, then what waits longest.
SELECT agency_id, id, file_id, person_id, reason, answers, sender_account, sender_team, to_agency, to_team, to_account,
  basis, agreement, asked, informed, tell_on, serious_risk, child_at_risk, other_ground, acted_now, due_on, sent_at, expires_at,
  acknowledged_at, acknowledged_by, settled_at, outcome, withdrawn_at,
  urgent, remind_at, manager_at, contact_at, corrects, incapacity, court_order
FROM share WHERE to_agency = sqlc.arg(agency_id) AND acknowledged_at IS NULL AND manager_at <= sqlc.arg(now) AND withdrawn_at IS NULL AND expires_at > sqlc.arg(open_at)
ORDER BY urgent DESC, manager_at, id LIMIT sqlc.arg(size);

-- name: UrgentOf :many
-- What a worker sent urgently that nobody has acknowledged, the longest first, and
-- what programs sent from the worker's teams: a program looks at no page. For
-- whoever was since tied to somebody in the case, or may not know of it, it is not
-- there.
SELECT sqlc.embed(s), f.number
FROM share s JOIN file f ON f.agency_id = s.agency_id AND f.id = s.file_id
WHERE s.agency_id = sqlc.arg(agency_id) AND s.acknowledged_at IS NULL AND s.urgent
  AND s.sender_account IN (SELECT a.id FROM account a WHERE a.id = sqlc.arg(account)
    UNION ALL SELECT p.id FROM team_member mine JOIN team_member theirs ON theirs.agency_id = mine.agency_id AND theirs.team_id = mine.team_id
      JOIN account p ON p.id = theirs.account_id AND p.kind = 'service' WHERE mine.agency_id = sqlc.arg(agency_id) AND mine.account_id = sqlc.arg(account))
  AND (s.sender_account = sqlc.arg(account) OR NOT f.restricted AND EXISTS (SELECT 1 FROM team_member m WHERE m.agency_id = s.agency_id AND m.account_id = sqlc.arg(account) AND m.team_id = s.sender_team)) AND s.withdrawn_at IS NULL AND s.expires_at > sqlc.arg(open_at)
  AND NOT EXISTS (SELECT 1 FROM conflict_of_interest c WHERE c.agency_id = s.agency_id AND c.file_id = s.file_id AND c.account_id = sqlc.arg(account) AND c.lifted_at IS NULL)
ORDER BY s.id LIMIT sqlc.arg(size);

-- name: InsertAdvice :exec
INSERT INTO share_advice (agency_id, id, file_id, to_agency, question, due_on, asked_at, asked_by, share_id, says, answer, adviser, answered_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', $9, $10, '');

-- name: AdviceOfFile :many
SELECT agency_id, id, file_id, to_agency, question, due_on, asked_at, asked_by, share_id, says, answer, adviser, answered_at, answered_by
FROM share_advice WHERE agency_id = $1 AND file_id = $2 ORDER BY id DESC LIMIT $3;

-- name: AdviceByID :one
SELECT a.agency_id, a.id, a.file_id, f.number, f.person_id, a.to_agency, a.question, a.due_on, a.asked_at, a.asked_by, a.share_id, a.says, a.answer, a.adviser, a.answered_at, a.answered_by
FROM share_advice a JOIN file f ON f.agency_id = a.agency_id AND f.id = a.file_id WHERE a.agency_id = $1 AND a.id = $2;

-- name: AdviceWaiting :many
SELECT a.id, a.file_id, f.number, a.to_agency, a.due_on, a.asked_at, a.asked_by,
  CAST(EXISTS (SELECT 1 FROM conflict_of_interest c WHERE c.agency_id = a.agency_id AND c.file_id = a.file_id AND c.account_id = sqlc.arg(account) AND c.lifted_at IS NULL) AS boolean) AS tied
FROM share_advice a JOIN file f ON f.agency_id = a.agency_id AND f.id = a.file_id
WHERE a.agency_id = sqlc.arg(agency_id) AND a.says = '' ORDER BY a.due_on, a.id LIMIT sqlc.arg(size);

-- name: AnswerAdvice :execrows
UPDATE share_advice SET says = $3, answer = $4, adviser = $5, answered_at = $6, answered_by = $7 WHERE agency_id = $1 AND id = $2 AND says = '';

-- name: KeepAdvice :exec
UPDATE share_advice SET share_id = sqlc.arg(share_id)
WHERE agency_id = sqlc.arg(agency_id) AND file_id = sqlc.arg(file_id) AND share_id = '' AND (to_agency = '' OR to_agency = sqlc.arg(to_agency));

-- name: ReleaseAdvice :exec
UPDATE share_advice SET share_id = '' WHERE agency_id = $1 AND share_id = $2;

-- name: DeleteAdvice :execrows
DELETE FROM share_advice WHERE agency_id = $1 AND file_id = $2;

-- name: InsertJustified :exec
INSERT INTO share_justified (agency_id, share_id, file_id, basis, rationale, views, justified_at, justified_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: Justified :one
SELECT basis, rationale, views, justified_at, justified_by FROM share_justified WHERE agency_id = $1 AND share_id = $2;

-- name: JustifiedOfFile :many
SELECT share_id, rationale, views FROM share_justified WHERE agency_id = $1 AND file_id = $2 ORDER BY share_id;

-- name: DeleteJustified :execrows
DELETE FROM share_justified WHERE agency_id = $1 AND file_id = $2;
