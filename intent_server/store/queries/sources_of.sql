-- The sources of these sessions. $session_ids VARCHAR[]. Order: none.
SELECT source_id
FROM sessions
WHERE session_id IN CAST($session_ids AS VARCHAR[]) AND recorded_to IS NULL
