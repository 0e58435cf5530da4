-- The open decisions of sessions by what they came with. $sessions VARCHAR: a JSON list of session ids.
-- `is_reviewed`: a person or an agent said something of it here. By session_id and decision_id.
SELECT
    session_id, decision_id, fingerprint, is_doubtful,
    decision_id IN (
        SELECT decision_id FROM reviews WHERE recorded_to IS NULL
        UNION ALL
        SELECT other_decision_id FROM reviews WHERE recorded_to IS NULL AND other_decision_id IS NOT NULL
    ) AS is_reviewed
FROM decisions
WHERE recorded_to IS NULL AND session_id IN (SELECT unnest(from_json($sessions, '["VARCHAR"]')))
ORDER BY session_id, decision_id
