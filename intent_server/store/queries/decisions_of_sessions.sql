-- Every decision that ever stood in one of these sessions. $sessions VARCHAR: a JSON list of session ids. By decision_id.
-- `lives_in`: the other session in which it stands now; NULL for none.
SELECT
    decision_id,
    any_value(session_id) FILTER (
        WHERE recorded_to IS NULL AND session_id NOT IN (SELECT unnest(from_json($sessions, '["VARCHAR"]')))
    ) AS lives_in
FROM decisions
WHERE decision_id IN (
    SELECT decision_id FROM decisions WHERE session_id IN (SELECT unnest(from_json($sessions, '["VARCHAR"]')))
)
GROUP BY decision_id
ORDER BY decision_id
