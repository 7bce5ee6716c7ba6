-- name: EndsOfReferral :one
SELECT s.agency_id, s.sender_team, s.to_agency, s.to_team FROM share s WHERE s.id = $1 AND s.reason = 'referral';

-- name: ToldStages :many
-- The steps of which the receiver told the sender.
SELECT g.stage, g.made_at FROM referral_stage g
JOIN referral r ON r.to_agency = g.agency_id AND r.receiver_file = g.file_id AND r.id = g.referral_id
WHERE r.agency_id = $1 AND r.share_id = $2 AND g.share_id <> '' ORDER BY g.made_at, g.id;
