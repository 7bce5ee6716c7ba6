-- name: InsertPerson :exec
INSERT INTO person (agency_id, id, given_name, family_name, known_as, born, gender, language, access_needs, gender_sealed, language_sealed, access_needs_sealed, contact_state, contact_check, name_key, created_at, version, keyed)
VALUES ($1, $2, $3, $4, $5, $6, '', '', '', $7, $8, $9, 'unset', '', $10, $11, 1, 1);

-- name: PersonByID :one
SELECT agency_id, id, given_name, family_name, known_as, born, gender, language, access_needs, gender_sealed, language_sealed, access_needs_sealed, contact_state, contact_check, name_key, created_at, version
FROM person WHERE agency_id = $1 AND id = $2;

-- name: UpdatePerson :execrows
UPDATE person SET given_name = $3, family_name = $4, known_as = $5, born = $6,
  gender = '', language = '', access_needs = '', gender_sealed = $7, language_sealed = $8, access_needs_sealed = $9, name_key = $10, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $11;

-- name: SetContactState :execrows
UPDATE person SET contact_state = $3, contact_check = $4, version = version + 1
WHERE agency_id = $1 AND id = $2 AND version = $5;

-- name: SafeContacts :many
SELECT channel, allowed, detail, conditions, checked_on, checked_by, more
FROM safe_contact WHERE agency_id = $1 AND person_id = $2 ORDER BY channel;

-- name: UpsertSafeContact :exec
INSERT INTO safe_contact (agency_id, person_id, channel, allowed, detail, conditions, checked_on, checked_by, more)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (agency_id, person_id, channel) DO UPDATE SET
  allowed = excluded.allowed, detail = excluded.detail, conditions = excluded.conditions,
  checked_on = excluded.checked_on, checked_by = excluded.checked_by, more = excluded.more;

-- name: DeleteSafeContacts :exec
DELETE FROM safe_contact WHERE agency_id = $1 AND person_id = $2;

-- name: ContactNote :one
SELECT code_word, never_speak, they_contact FROM contact_note WHERE agency_id = $1 AND person_id = $2;

-- name: UpsertContactNote :exec
INSERT INTO contact_note (agency_id, person_id, code_word, never_speak, they_contact)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (agency_id, person_id) DO UPDATE SET
  code_word = excluded.code_word, never_speak = excluded.never_speak, they_contact = excluded.they_contact;

-- name: MarkKey :one
SELECT secret FROM mark_key WHERE agency_id = $1;

-- name: InsertMarkKey :exec
INSERT INTO mark_key (agency_id, secret, created_at) VALUES ($1, $2, $3)
ON CONFLICT (agency_id) DO NOTHING;

-- name: DeleteMarks :exec
-- Those of somebody's names.
DELETE FROM person_mark WHERE agency_id = $1 AND person_id = $2 AND kind IN ('birth', 'name', 'unborn', 'known_birth', 'known', 'known_unborn');

-- name: DeleteHomeMark :exec
DELETE FROM person_mark WHERE agency_id = $1 AND person_id = $2 AND kind IN ('home', 'postcode');

-- name: InsertMark :exec
INSERT INTO person_mark (agency_id, person_id, kind, mark) VALUES ($1, $2, $3, $4);

-- name: MarksOf :many
-- Those by which ties are found, not the keys by which people are.
SELECT kind, mark FROM person_mark WHERE agency_id = $1 AND person_id = $2
  AND kind IN ('birth', 'name', 'unborn', 'known_birth', 'known', 'known_unborn', 'home') ORDER BY kind;

-- name: UpsertHome :exec
INSERT INTO person_home (agency_id, person_id, house, postcode, confidential, hidden, recorded_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (agency_id, person_id) DO UPDATE SET
  house = excluded.house, postcode = excluded.postcode, confidential = excluded.confidential, hidden = excluded.hidden,
  recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by;

-- name: Home :one
SELECT house, postcode, confidential, hidden, recorded_at FROM person_home WHERE agency_id = $1 AND person_id = $2;

-- name: Guarded :many
SELECT h.person_id, h.hidden, '' AS id, h.house, h.postcode FROM person_home h
WHERE h.agency_id = $1 AND h.person_id = $2 AND (h.confidential OR h.hidden)
UNION ALL
SELECT p.person_id, p.hidden, p.id, p.house, p.postcode FROM person_place p
WHERE p.agency_id = $1 AND p.person_id = $2 AND p.state = 'former';

-- name: InsertPlace :exec
INSERT INTO person_place (agency_id, id, person_id, state, house, postcode, why, confidential, hidden, recorded_at, recorded_by, settled_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '');

-- name: AskedPlace :one
SELECT id, house, postcode, why, confidential, hidden, recorded_at, recorded_by FROM person_place
WHERE agency_id = $1 AND person_id = $2 AND state = 'asked' ORDER BY id DESC LIMIT 1;

-- name: SettlePlace :execrows
UPDATE person_place SET state = $4, settled_at = $5, settled_by = $6 WHERE agency_id = $1 AND id = $2 AND person_id = $3 AND state = 'asked';

-- name: DeletePlaces :execrows
DELETE FROM person_place WHERE agency_id = $1 AND person_id = $2;

-- name: DeleteHome :execrows
DELETE FROM person_home WHERE agency_id = $1 AND person_id = $2;

-- name: DeleteAllMarks :execrows
DELETE FROM person_mark WHERE agency_id = $1 AND person_id = $2;

-- name: DeleteContacts :execrows
DELETE FROM safe_contact WHERE agency_id = $1 AND person_id = $2;

-- name: DeleteContactNote :execrows
DELETE FROM contact_note WHERE agency_id = $1 AND person_id = $2;

-- name: BlankPerson :execrows
UPDATE person SET given_name = '', family_name = '', known_as = '', born = '', gender = '', language = '', access_needs = '',
  gender_sealed = sqlc.arg(nothing), language_sealed = sqlc.arg(nothing), access_needs_sealed = sqlc.arg(nothing),
  contact_state = 'unset', contact_check = '', name_key = '', keyed = 1, version = version + 1
WHERE agency_id = sqlc.arg(agency_id) AND id = sqlc.arg(id);

-- name: InsertWord :exec
INSERT INTO person_word (agency_id, person_id, word) VALUES ($1, $2, $3);

-- name: DeleteWords :execrows
DELETE FROM person_word WHERE agency_id = $1 AND person_id = $2;

-- name: DeleteKeysOf :exec
-- The keys of one way of reaching somebody.
DELETE FROM person_mark WHERE agency_id = sqlc.arg(agency_id) AND person_id = sqlc.arg(person_id) AND kind IN (sqlc.arg(first), sqlc.arg(second), sqlc.arg(third));

-- name: DeleteReachKeys :exec
-- The keys of all ways of reaching somebody.
DELETE FROM person_mark WHERE agency_id = $1 AND person_id = $2 AND kind LIKE 'reach.%';

-- name: Unkeyed :many
-- Some of those whose words and keys are not written.
SELECT agency_id, id FROM person WHERE keyed = 0 LIMIT $1;

-- name: SetKeyed :execrows
UPDATE person SET keyed = 1 WHERE agency_id = $1 AND id = $2 AND keyed = 0;

-- name: TakePerson :execrows
-- Nothing changes: until the transaction has ended nobody else changes where they live.
UPDATE person SET keyed = keyed WHERE agency_id = $1 AND id = $2;
