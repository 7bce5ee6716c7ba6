-- name: InsertProtocol :exec
INSERT INTO figure_protocol (agency_id, id, words_sealed, review_on, agreed_at, agreed_by) VALUES ($1, $2, $3, $4, $5, $6);

-- name: Protocols :many
SELECT agency_id, id, words_sealed, review_on, agreed_at, agreed_by FROM figure_protocol
WHERE agency_id = $1 ORDER BY id DESC LIMIT 20;

-- name: InsertRelease :exec
INSERT INTO figure_release (agency_id, id, protocol_id, of_all, from_on, to_on, words_sealed, file_sealed, digest, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: Releases :many
SELECT agency_id, id, protocol_id, of_all, from_on, to_on, words_sealed, digest, made_at, made_by FROM figure_release
WHERE agency_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: Release :one
SELECT agency_id, id, protocol_id, of_all, from_on, to_on, words_sealed, file_sealed, digest, made_at, made_by FROM figure_release WHERE id = $1;
