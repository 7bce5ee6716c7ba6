-- name: NextNumber :one
SELECT count(*) FROM attachment WHERE agency_id = $1 AND file_id = $2;

-- name: Insert :exec
INSERT INTO attachment (agency_id, id, file_id, number, kind, size, cleaned, compartment, name, about, added_at, added_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: InsertPiece :exec
INSERT INTO attachment_piece (agency_id, attachment_id, seq, body) VALUES ($1, $2, $3, $4);

-- name: OfFile :many
SELECT id, number, kind, size, cleaned, compartment, name, about, added_at, added_by, erased_at
FROM attachment WHERE agency_id = $1 AND file_id = $2 ORDER BY number DESC LIMIT 200;

-- name: ByID :one
SELECT id, number, kind, size, cleaned, compartment, name, about, added_at, added_by, erased_at
FROM attachment WHERE agency_id = $1 AND file_id = $2 AND id = $3;

-- name: Pieces :many
SELECT seq, body FROM attachment_piece WHERE agency_id = $1 AND attachment_id = $2 ORDER BY seq;

-- name: DeletePieces :execrows
DELETE FROM attachment_piece WHERE agency_id = $1 AND attachment_id = $2;

-- name: Erase :execrows
UPDATE attachment SET name = $4, about = $4, size = 0, erased_at = $5 WHERE agency_id = $1 AND file_id = $2 AND id = $3 AND erased_at IS NULL;

-- name: DeletePiecesOf :execrows
DELETE FROM attachment_piece WHERE attachment_piece.agency_id = sqlc.arg(agency_id)
  AND attachment_id IN (SELECT a.id FROM attachment a WHERE a.agency_id = sqlc.arg(agency_id) AND a.file_id = sqlc.arg(file_id));

-- name: DeleteOf :execrows
DELETE FROM attachment WHERE agency_id = $1 AND file_id = $2;
