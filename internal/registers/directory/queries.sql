-- name: InsertAgency :exec
INSERT INTO agency (id, code, name, sector, created_at, version) VALUES ($1, $2, $3, $4, $5, 1);

-- name: AgencyByID :one
SELECT id, code, name, sector, created_at, version FROM agency WHERE id = $1;

-- name: AgencyByCode :one
SELECT id, code, name, sector, created_at, version FROM agency WHERE code = $1;

-- A page of a list begins after the record whose id is given. Names are never
-- empty, so that without one it begins at the beginning.
-- name: Agencies :many
SELECT a.id, a.code, a.name, a.sector, a.created_at, a.version FROM agency a
WHERE (a.name, a.id) > (COALESCE((SELECT k.name FROM agency k WHERE k.id = sqlc.arg(after)), ''), sqlc.arg(after))
ORDER BY a.name, a.id LIMIT sqlc.arg(size);

-- name: InsertTeam :exec
INSERT INTO team (agency_id, id, code, name, takes_referrals, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, 1);

-- name: TeamOwner :one
SELECT agency_id FROM team WHERE id = $1;

-- name: TeamByID :one
SELECT agency_id, id, code, name, takes_referrals, created_at, version FROM team WHERE agency_id = $1 AND id = $2;

-- name: TeamByCode :one
SELECT agency_id, id, code, name, takes_referrals, created_at, version FROM team WHERE agency_id = $1 AND code = $2;

-- name: Teams :many
SELECT t.agency_id, t.id, t.code, t.name, t.takes_referrals, t.created_at, t.version FROM team t
WHERE t.agency_id = sqlc.arg(agency_id)
  AND (t.name, t.id) > (COALESCE((SELECT k.name FROM team k WHERE k.agency_id = sqlc.arg(agency_id) AND k.id = sqlc.arg(after)), ''), sqlc.arg(after))
ORDER BY t.name, t.id LIMIT sqlc.arg(size);

-- name: TeamsTakingReferrals :many
SELECT t.agency_id, t.id, t.code, t.name, t.takes_referrals, t.created_at, t.version, a.name AS agency_name, a.sector
FROM team t JOIN agency a ON a.id = t.agency_id
WHERE t.takes_referrals
  AND (a.name, a.id, t.name, t.id) > (
    COALESCE((SELECT k.name FROM agency k WHERE k.id = sqlc.arg(after_agency)), ''), sqlc.arg(after_agency),
    COALESCE((SELECT k.name FROM team k WHERE k.agency_id = sqlc.arg(after_agency) AND k.id = sqlc.arg(after_team)), ''), sqlc.arg(after_team))
ORDER BY a.name, a.id, t.name, t.id LIMIT sqlc.arg(size);

-- name: ChangeTeam :execrows
UPDATE team SET name = $3, takes_referrals = $4, version = version + 1 WHERE agency_id = $1 AND id = $2 AND version = $5;

-- name: TeamIDs :many
SELECT id FROM team WHERE agency_id = $1 ORDER BY id;

-- name: InsertMember :exec
INSERT INTO member (agency_id, id, account_id, roles, started_at, until, version) VALUES ($1, $2, $3, $4, $5, $6, 1);

-- name: CurrentMember :one
SELECT agency_id, id, account_id, roles, started_at, until, version FROM member WHERE account_id = $1 AND ended_at IS NULL;

-- name: Member :one
SELECT m.agency_id, m.account_id, m.roles, m.started_at, m.until, m.version, c.name, c.username, c.kind, c.disabled
FROM member m JOIN account c ON c.id = m.account_id
WHERE m.agency_id = $1 AND m.account_id = $2 AND m.ended_at IS NULL;

-- name: Members :many
SELECT m.agency_id, m.account_id, m.roles, m.started_at, m.until, m.version, c.name, c.username, c.kind, c.disabled
FROM member m JOIN account c ON c.id = m.account_id
WHERE m.agency_id = sqlc.arg(agency_id) AND m.ended_at IS NULL
  AND (c.name, c.id) > (COALESCE((SELECT k.name FROM account k WHERE k.id = sqlc.arg(after)), ''), sqlc.arg(after))
ORDER BY c.name, c.id LIMIT sqlc.arg(size);

-- name: Identities :many
-- Who of an agency signs in with a provider of identities.
SELECT i.account_id, c.name, i.email, i.vouched_at, CAST(i.subject IS NOT NULL AS boolean) AS used
FROM identity i JOIN member m ON m.account_id = i.account_id JOIN account c ON c.id = i.account_id
WHERE m.agency_id = $1 AND m.ended_at IS NULL ORDER BY c.name, c.id LIMIT 500;

-- How many people and programs work at an agency, how many of them until a day
-- that is given, and how many are suspended.
-- name: CountMembers :one
SELECT COUNT(*) AS all_of_them,
  CAST(COALESCE(SUM(CASE WHEN m.until > sqlc.arg(now) AND m.until <= sqlc.arg(soon) THEN 1 ELSE 0 END), 0) AS bigint) AS ending,
  CAST(COALESCE(SUM(CASE WHEN m.until <= sqlc.arg(now) THEN 1 ELSE 0 END), 0) AS bigint) AS over,
  CAST(COALESCE(SUM(CASE WHEN c.disabled THEN 1 ELSE 0 END), 0) AS bigint) AS suspended
FROM member m JOIN account c ON c.id = m.account_id
WHERE m.agency_id = sqlc.arg(agency_id) AND m.ended_at IS NULL;

-- name: Colleagues :many
SELECT c.id, c.name
FROM member m JOIN account c ON c.id = m.account_id
WHERE m.agency_id = sqlc.arg(agency_id) AND m.ended_at IS NULL AND (m.until IS NULL OR m.until > sqlc.arg(now)) AND c.kind = 'human' AND NOT c.disabled
  AND (c.name, c.id) > (COALESCE((SELECT k.name FROM account k WHERE k.id = sqlc.arg(after)), ''), sqlc.arg(after))
ORDER BY c.name, c.id LIMIT sqlc.arg(size);

-- name: ColleaguesOfTeam :many
SELECT c.id, c.name
FROM team_member tm
JOIN member m ON m.agency_id = tm.agency_id AND m.account_id = tm.account_id AND m.ended_at IS NULL
JOIN account c ON c.id = m.account_id
WHERE tm.agency_id = sqlc.arg(agency_id) AND tm.team_id = sqlc.arg(team_id) AND (m.until IS NULL OR m.until > sqlc.arg(now)) AND c.kind = 'human' AND NOT c.disabled
  AND (c.name, c.id) > (COALESCE((SELECT k.name FROM account k WHERE k.id = sqlc.arg(after)), ''), sqlc.arg(after))
ORDER BY c.name, c.id LIMIT sqlc.arg(size);

-- name: ChangeRoles :execrows
UPDATE member SET roles = $3, version = version + 1
WHERE agency_id = $1 AND account_id = $2 AND version = $4 AND ended_at IS NULL;

-- name: TouchMember :execrows
UPDATE member SET version = version + 1
WHERE agency_id = $1 AND account_id = $2 AND version = $3 AND ended_at IS NULL;

-- name: ChangeUntil :execrows
UPDATE member SET until = $3, version = version + 1
WHERE agency_id = $1 AND account_id = $2 AND version = $4 AND ended_at IS NULL;

-- name: EndMember :execrows
UPDATE member SET ended_at = $3, version = version + 1
WHERE agency_id = $1 AND account_id = $2 AND version = $4 AND ended_at IS NULL;

-- name: InsertTeamMember :exec
INSERT INTO team_member (agency_id, team_id, account_id) VALUES ($1, $2, $3);

-- name: DeleteTeamMember :exec
DELETE FROM team_member WHERE agency_id = $1 AND account_id = $2;

-- name: TeamsOf :many
SELECT team_id FROM team_member WHERE agency_id = $1 AND account_id = $2 ORDER BY team_id;

-- name: AccountKind :one
SELECT kind FROM account WHERE id = $1;
