-- name: EnsureRun :exec
INSERT INTO marac_run (agency_id, meeting_id, begun_at, begun_by, ended_at, ended_by, on_case, change, approved_at, approved_by)
VALUES ($1, $2, NULL, '', NULL, '', '', 0, NULL, '') ON CONFLICT (agency_id, meeting_id) DO NOTHING;

-- name: NextChange :one
UPDATE marac_run SET change = change + 1 WHERE agency_id = $1 AND meeting_id = $2 RETURNING *;

-- name: RunOf :one
SELECT * FROM marac_run WHERE agency_id = $1 AND meeting_id = $2;

-- name: BeginRun :execrows
UPDATE marac_run SET begun_at = $3, begun_by = $4 WHERE agency_id = $1 AND meeting_id = $2 AND begun_at IS NULL;

-- name: EndRun :execrows
UPDATE marac_run SET ended_at = $3, ended_by = $4 WHERE agency_id = $1 AND meeting_id = $2 AND ended_at IS NULL;

-- name: ApproveRun :exec
UPDATE marac_run SET approved_at = $3, approved_by = $4 WHERE agency_id = $1 AND meeting_id = $2;

-- name: SetOn :exec
UPDATE marac_run SET on_case = $3 WHERE agency_id = $1 AND meeting_id = $2;

-- name: EnsureHearing :exec
INSERT INTO marac_hearing (agency_id, meeting_id, case_id, seconds, since, idva, views, decision, heard_at, heard_by, version)
VALUES ($1, $2, $3, 0, NULL, '', '', '', NULL, '', 1) ON CONFLICT (agency_id, meeting_id, case_id) DO NOTHING;

-- name: HearingOf :one
SELECT * FROM marac_hearing WHERE agency_id = $1 AND meeting_id = $2 AND case_id = $3;

-- name: Hearings :many
SELECT * FROM marac_hearing WHERE agency_id = $1 AND meeting_id = $2 ORDER BY case_id;

-- name: SetHearing :execrows
UPDATE marac_hearing SET seconds = $4, since = $5, idva = $6, views = $7, decision = $8, heard_at = $9, heard_by = $10, version = version + 1
WHERE agency_id = $1 AND meeting_id = $2 AND case_id = $3 AND version = $11;

-- name: SectionByName :one
SELECT * FROM marac_section WHERE agency_id = $1 AND meeting_id = $2 AND case_id = $3 AND section = $4;

-- name: SectionsSince :many
SELECT * FROM marac_section WHERE agency_id = $1 AND meeting_id = $2 AND case_id = $3 AND change > $4 ORDER BY section;

-- name: AllSections :many
SELECT * FROM marac_section WHERE agency_id = $1 AND meeting_id = $2 ORDER BY case_id, section;

-- name: SetSection :exec
INSERT INTO marac_section (agency_id, meeting_id, case_id, section, version, change, apart, text_sealed, saved_at, saved_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (agency_id, meeting_id, case_id, section) DO UPDATE SET version = excluded.version, change = excluded.change, apart = excluded.apart,
  text_sealed = excluded.text_sealed, saved_at = excluded.saved_at, saved_by = excluded.saved_by;

-- name: InsertVersion :exec
INSERT INTO marac_section_version (agency_id, meeting_id, case_id, section, version, base, own, state, settled, mark, typed_sealed, text_sealed, saved_at, saved_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12, $13);

-- name: VersionByNumber :one
SELECT * FROM marac_section_version WHERE agency_id = $1 AND meeting_id = $2 AND case_id = $3 AND section = $4 AND version = $5;

-- name: VersionByMark :one
SELECT * FROM marac_section_version WHERE agency_id = $1 AND meeting_id = $2 AND case_id = $3 AND section = $4 AND mark = $5 AND mark <> '';

-- name: VersionsBefore :many
SELECT * FROM marac_section_version WHERE agency_id = sqlc.arg(agency_id) AND meeting_id = sqlc.arg(meeting_id) AND case_id = sqlc.arg(case_id) AND section = sqlc.arg(section) AND version < sqlc.arg(before)
ORDER BY version DESC LIMIT sqlc.arg(size);

-- name: Unsettled :many
SELECT * FROM marac_section_version WHERE agency_id = $1 AND meeting_id = $2 AND case_id = $3 AND state = 'apart' AND settled = 0 ORDER BY section, version;

-- name: Settle :exec
UPDATE marac_section_version SET settled = $6 WHERE agency_id = $1 AND meeting_id = $2 AND case_id = $3 AND section = $4 AND version = $5 AND state = 'apart' AND settled = 0;

-- name: CountApart :one
SELECT CAST(COUNT(*) AS bigint) FROM marac_section_version WHERE agency_id = $1 AND meeting_id = $2 AND case_id = $3 AND section = $4 AND state = 'apart' AND settled = 0;

-- name: OpenMinutes :exec
INSERT INTO marac_minutes_open (agency_id, meeting_id, case_id, account_id, opened_at, section, wrote_at)
VALUES ($1, $2, $3, $4, $5, '', NULL) ON CONFLICT (agency_id, meeting_id, case_id, account_id) DO UPDATE SET opened_at = excluded.opened_at;

-- name: OpenedMinutes :one
SELECT opened_at FROM marac_minutes_open WHERE agency_id = $1 AND meeting_id = $2 AND case_id = $3 AND account_id = $4;

-- name: WroteMinutes :exec
UPDATE marac_minutes_open SET section = $5, wrote_at = $6 WHERE agency_id = $1 AND meeting_id = $2 AND case_id = $3 AND account_id = $4;

-- name: Writers :many
SELECT o.account_id, a.name, o.section, o.wrote_at FROM marac_minutes_open o JOIN account a ON a.id = o.account_id
WHERE o.agency_id = sqlc.arg(agency_id) AND o.meeting_id = sqlc.arg(meeting_id) AND o.case_id = sqlc.arg(case_id) AND o.wrote_at > sqlc.arg(since) ORDER BY a.name, o.account_id;

-- name: InsertMinute :exec
INSERT INTO marac_minute (agency_id, meeting_id, case_id, doc_sealed) VALUES ($1, $2, $3, $4);

-- name: MinutesOf :many
SELECT * FROM marac_minute WHERE agency_id = $1 AND meeting_id = $2 ORDER BY case_id;

-- name: InsertAddendum :exec
INSERT INTO marac_addendum (agency_id, id, meeting_id, case_id, section, text_sealed, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: Addenda :many
SELECT * FROM marac_addendum WHERE agency_id = $1 AND meeting_id = $2 ORDER BY id;

-- name: SectionsOfFile :many
SELECT s.* FROM marac_section s JOIN marac_case c ON c.agency_id = s.agency_id AND c.id = s.case_id WHERE c.agency_id = $1 AND c.file_id = $2 ORDER BY s.meeting_id, s.case_id, s.section;

-- name: AddendaOfFile :many
SELECT a.* FROM marac_addendum a JOIN marac_case c ON c.agency_id = a.agency_id AND c.id = a.case_id WHERE c.agency_id = $1 AND c.file_id = $2 ORDER BY a.id;

-- name: HearingsOfFile :many
SELECT h.* FROM marac_hearing h JOIN marac_case c ON c.agency_id = h.agency_id AND c.id = h.case_id WHERE c.agency_id = $1 AND c.file_id = $2 ORDER BY h.meeting_id, h.case_id;
