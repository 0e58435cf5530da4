-- Puts the rows that decisions had in sessions into those where they stand now, with the words that they have there.
-- $ids, $sessions VARCHAR: JSON lists of decision ids and of session ids.
UPDATE decisions
SET session_id = living.session_id, choice = living.choice
FROM (
    SELECT decision_id, session_id, choice FROM decisions WHERE recorded_to IS NULL
) AS living
WHERE decisions.decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    AND living.decision_id = decisions.decision_id
    AND decisions.session_id IN (SELECT unnest(from_json($sessions, '["VARCHAR"]')))
