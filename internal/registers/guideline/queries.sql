-- name: NewestVersion :one
SELECT id, revision FROM guideline_version ORDER BY updated DESC, number DESC LIMIT 1;

-- name: NewestVersionWithout :one
SELECT v.id, v.updated, v.number FROM guideline_version v
WHERE NOT EXISTS (SELECT 1 FROM guideline_file f WHERE f.version_id = v.id AND f.kind = $1)
ORDER BY v.updated DESC, v.number DESC LIMIT 1;

-- name: VersionByID :one
SELECT id, updated, number, title, content, revision, imported_at, imported_by FROM guideline_version WHERE id = $1;

-- name: VersionIDsLike :many
SELECT id FROM guideline_version WHERE id LIKE $1 ORDER BY updated DESC, number DESC LIMIT $2;

-- name: Versions :many
SELECT id, updated, title, revision, imported_at, imported_by FROM guideline_version
ORDER BY updated DESC, number DESC LIMIT $1;

-- name: VersionsWithFile :many
SELECT v.id, v.updated, v.number FROM guideline_version v JOIN guideline_file f ON f.version_id = v.id
WHERE f.sha256 = $1 AND f.kind = $2
ORDER BY v.updated DESC, v.number DESC;

-- name: LastNumber :one
SELECT number FROM guideline_version WHERE updated = $1 ORDER BY number DESC LIMIT 1;

-- name: FilesOf :many
SELECT version_id, kind, name, sha256, lines, imported_at, imported_by FROM guideline_file WHERE version_id = $1 ORDER BY kind;

-- name: InsertVersion :exec
INSERT INTO guideline_version (id, updated, number, title, content, revision, imported_at, imported_by)
VALUES ($1, $2, $3, $4, $5, 1, $6, $7);

-- name: InsertFile :exec
INSERT INTO guideline_file (version_id, kind, name, sha256, lines, imported_at, imported_by)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: SetContent :execrows
UPDATE guideline_version SET content = $2, title = $3, revision = revision + 1 WHERE id = $1 AND revision = $4;

-- name: Files :many
SELECT version_id, kind, name, sha256, lines, imported_at, imported_by FROM guideline_file ORDER BY version_id, kind;
