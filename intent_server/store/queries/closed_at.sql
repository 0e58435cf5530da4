-- Decisions of a session that ended at one moment and were not held since. $session_id VARCHAR; $moment TIMESTAMP (UTC).
-- By decision_id.
SELECT decision_id
FROM decisions
WHERE decision_id IN (
    SELECT decision_id FROM decisions WHERE session_id = $session_id AND recorded_to = CAST($moment AS TIMESTAMP)
)
GROUP BY decision_id
HAVING max(coalesce(recorded_to, TIMESTAMP '9999-12-31')) = CAST($moment AS TIMESTAMP)
ORDER BY decision_id
