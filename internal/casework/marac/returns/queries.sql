-- name: CountHeard :many
SELECT c.meeting_id, c.heard_on, c.from_agency, COUNT(*) AS cases,
  COUNT(*) FILTER (WHERE c.repeated = 'yes') AS repeats,
  CAST(COALESCE(SUM(c.children), 0) AS bigint) AS children,
  COUNT(*) FILTER (WHERE c.bme = 'yes') AS bme,
  COUNT(*) FILTER (WHERE c.lgbt = 'yes') AS lgbt,
  COUNT(*) FILTER (WHERE c.disabled = 'yes') AS disabled,
  COUNT(*) FILTER (WHERE c.male = 'yes') AS male,
  COUNT(*) FILTER (WHERE c.victim_16_17 = 'yes') AS young,
  COUNT(*) FILTER (WHERE c.harmer_to_17 = 'yes') AS young_who_harms,
  COUNT(*) FILTER (WHERE c.bme = 'unknown') AS bme_unknown,
  COUNT(*) FILTER (WHERE c.lgbt = 'unknown') AS lgbt_unknown,
  COUNT(*) FILTER (WHERE c.disabled = 'unknown') AS disabled_unknown,
  COUNT(*) FILTER (WHERE c.male = 'unknown') AS male_unknown,
  COUNT(*) FILTER (WHERE c.idva = 'accepted') AS idva,
  COUNT(*) FILTER (WHERE c.idva = 'not_known') AS idva_unknown
FROM marac_case c
WHERE c.agency_id = $1 AND c.heard_on >= sqlc.arg(first) AND c.heard_on <= sqlc.arg(last)
GROUP BY c.meeting_id, c.heard_on, c.from_agency
ORDER BY c.heard_on, c.meeting_id, c.from_agency;

-- name: Grounds :one
SELECT COUNT(*) AS cases,
  COUNT(*) FILTER (WHERE visible = 'yes') AS visible,
  COUNT(*) FILTER (WHERE judgement = 'yes') AS judgement,
  COUNT(*) FILTER (WHERE escalation = 'yes') AS escalation,
  COUNT(*) FILTER (WHERE repeated = 'yes') AS repeated,
  COUNT(*) FILTER (WHERE idva = 'accepted') AS accepted,
  COUNT(*) FILTER (WHERE idva = 'referred') AS referred,
  COUNT(*) FILTER (WHERE idva = 'declined_by_them') AS declined,
  COUNT(*) FILTER (WHERE idva = 'none') AS without_idva,
  COUNT(*) FILTER (WHERE bme <> 'unknown' AND lgbt <> 'unknown' AND disabled <> 'unknown' AND male <> 'unknown') AS equality
FROM marac_case WHERE agency_id = $1 AND heard_on >= sqlc.arg(first) AND heard_on <= sqlc.arg(last);

-- name: Referrers :one
SELECT COUNT(DISTINCT from_agency) AS agencies FROM marac_case WHERE agency_id = $1 AND heard_on >= sqlc.arg(first) AND heard_on <= sqlc.arg(last);

-- name: InsertReview :exec
INSERT INTO marac_review (agency_id, id, reviewed_on, next_on, words_sealed, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: LatestReview :one
SELECT * FROM marac_review WHERE agency_id = $1 ORDER BY reviewed_on DESC, id DESC LIMIT 1;

-- name: MeetingsBetween :many
SELECT id, kind, starts_at, state FROM marac_meeting
WHERE agency_id = $1 AND starts_at >= sqlc.arg(first) AND starts_at < sqlc.arg(after) AND state IN ('begun', 'ended') ORDER BY starts_at, id;

-- name: CasesHeard :many
SELECT id, number, file_id, from_agency, repeated, children, bme, lgbt, disabled, male, victim_16_17, harmer_to_17 FROM marac_case
WHERE agency_id = $1 AND meeting_id = $2 AND heard_on >= sqlc.arg(first) AND heard_on <= sqlc.arg(last) ORDER BY number, id;

-- name: Waits :many
SELECT referred_on, heard_on, COUNT(*) AS cases FROM marac_case
WHERE agency_id = $1 AND heard_on >= sqlc.arg(first) AND heard_on <= sqlc.arg(last) GROUP BY referred_on, heard_on;

-- name: Referred :many
SELECT state, COUNT(*) AS cases FROM marac_case
WHERE agency_id = $1 AND referred_on >= sqlc.arg(first) AND referred_on <= sqlc.arg(last) GROUP BY state ORDER BY state;

-- name: Attendance :many
SELECT s.of_agency, COUNT(*) AS asked,
  COUNT(*) FILTER (WHERE s.came_at IS NOT NULL) AS came,
  COUNT(*) FILTER (WHERE s.answer = 'apologies') AS apologies,
  COUNT(*) FILTER (WHERE s.answer = 'apologies' AND s.sent) AS sent
FROM marac_seat s JOIN marac_meeting m ON m.agency_id = s.agency_id AND m.id = s.meeting_id
WHERE s.agency_id = $1 AND m.starts_at >= sqlc.arg(first) AND m.starts_at < sqlc.arg(after) AND m.state = 'ended'
GROUP BY s.of_agency ORDER BY s.of_agency;

-- name: Settings :one
SELECT minutes, women FROM marac WHERE agency_id = $1;

-- name: Maracs :many
SELECT agency_id FROM marac ORDER BY agency_id LIMIT 200;

-- name: InsertReturn :exec
INSERT INTO marac_quarter (agency_id, quarter, revision, women, lines_sealed, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: Returns :many
SELECT agency_id, quarter, revision, women, made_at, made_by FROM marac_quarter WHERE agency_id = $1 AND quarter >= $2 ORDER BY quarter DESC, revision DESC LIMIT 200;

-- name: LatestReturn :one
SELECT * FROM marac_quarter WHERE agency_id = $1 AND quarter = $2 ORDER BY revision DESC LIMIT 1;
