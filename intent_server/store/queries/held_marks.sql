-- The open decisions of a session by what they came with. $session_id VARCHAR. By decision_id.
SELECT decision_id, fingerprint
FROM decisions
WHERE session_id = $session_id AND recorded_to IS NULL
ORDER BY decision_id
