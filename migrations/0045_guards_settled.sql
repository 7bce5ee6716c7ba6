-- +goose Up
-- A release that waits ends when what it would have replaced has changed; nobody releases what was asked for before.
UPDATE person_place SET state = 'replaced', settled_at = recorded_at
WHERE state = 'asked' AND EXISTS (
  SELECT 1 FROM person_home h WHERE h.agency_id = person_place.agency_id AND h.person_id = person_place.person_id AND h.recorded_at > person_place.recorded_at);
UPDATE person_place SET state = 'replaced', settled_at = recorded_at
WHERE state = 'asked' AND EXISTS (
  SELECT 1 FROM person_place o WHERE o.agency_id = person_place.agency_id AND o.person_id = person_place.person_id AND o.state = 'asked' AND o.id > person_place.id);
-- One release at most waits for a person.
CREATE UNIQUE INDEX person_place_asked ON person_place (agency_id, person_id) WHERE state = 'asked';

-- Whoever is hidden is found by nothing that tells where or how they can be reached, and a home that is guarded by nothing
-- that tells where it is.
DELETE FROM person_mark WHERE kind IN ('home', 'postcode') AND EXISTS (
  SELECT 1 FROM person_home h WHERE h.agency_id = person_mark.agency_id AND h.person_id = person_mark.person_id AND (h.confidential OR h.hidden));
DELETE FROM person_mark WHERE kind LIKE 'reach.%' AND EXISTS (
  SELECT 1 FROM person_home h WHERE h.agency_id = person_mark.agency_id AND h.person_id = person_mark.person_id AND h.hidden);
