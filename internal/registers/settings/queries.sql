-- name: InsertLine :exec
INSERT INTO setting_offer (agency_id, id, setting, how, since_on, until_on, reviewed_on, review_on, words_sealed, recorded_at, recorded_by, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1);

-- name: SetLine :execrows
UPDATE setting_offer SET how = $3, since_on = $4, until_on = $5, reviewed_on = $6, review_on = $7, words_sealed = $8, recorded_at = $9, recorded_by = $10, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $11;

-- name: Lines :many
-- The list of the partnership, whichever agency keeps a line.
SELECT o.agency_id, o.id, o.setting, o.how, o.since_on, o.until_on, o.reviewed_on, o.review_on, o.words_sealed, o.version, a.name AS agency
FROM setting_offer o JOIN agency a ON a.id = o.agency_id ORDER BY o.setting, a.name, o.id LIMIT 1000;

-- name: LineAgency :one
-- Whose a line is, which must be known before a rule can judge.
SELECT agency_id FROM setting_offer WHERE id = $1;
