-- +goose Up
-- What puts a share right before it was taken into a file there belongs to the same
-- file, and ends with it. A line may be of several: each is led back to its first.
WITH RECURSIVE line(id, first) AS (
  SELECT id, corrects FROM share WHERE corrects <> ''
  UNION ALL
  SELECT l.id, s.corrects FROM line l JOIN share s ON s.id = l.first WHERE s.corrects <> ''
)
UPDATE share_copy SET file_id = (
  SELECT MAX(c.file_id) FROM line l JOIN share_copy c ON c.share_id = l.first
  WHERE l.id = share_copy.share_id AND c.agency_id = share_copy.agency_id)
WHERE file_id = '' AND EXISTS (
  SELECT 1 FROM line l JOIN share_copy c ON c.share_id = l.first
  WHERE l.id = share_copy.share_id AND c.agency_id = share_copy.agency_id AND c.file_id <> '');

-- A share is put right once, until that is withdrawn. Of two that were sent at the
-- same moment, the second puts the first right.
UPDATE share SET corrects = (SELECT MAX(o.id) FROM share o WHERE o.corrects = share.corrects AND o.id < share.id AND o.withdrawn_at IS NULL)
WHERE corrects <> '' AND withdrawn_at IS NULL
  AND EXISTS (SELECT 1 FROM share o WHERE o.corrects = share.corrects AND o.id < share.id AND o.withdrawn_at IS NULL);
DROP INDEX share_corrects;
CREATE INDEX share_corrects ON share (corrects, agency_id) WHERE corrects <> '';
CREATE UNIQUE INDEX share_corrected_once ON share (corrects) WHERE corrects <> '' AND withdrawn_at IS NULL;

-- When somebody is asked about what nobody at an agency acknowledges, as that agency
-- decided. Rows are added, never changed: a share keeps the moments it was sent with.
CREATE TABLE share_setting (
  agency_id text      NOT NULL,
  id        text      NOT NULL,
  settings  text      NOT NULL, -- JSON: numbers and nothing else
  set_at    timestamp NOT NULL,
  set_by    text      NOT NULL,
  PRIMARY KEY (agency_id, id)
);
CREATE INDEX share_setting_set ON share_setting (agency_id, set_at, id);
