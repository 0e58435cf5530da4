-- Deletes the evidence of decisions, and all that stands in sessions.
-- $ids, $sessions VARCHAR: JSON lists of decision ids and of session ids.
DELETE FROM evidence
WHERE decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    OR session_id IN (SELECT unnest(from_json($sessions, '["VARCHAR"]')))
