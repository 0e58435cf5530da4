-- The other open sessions of a session's source. $session_id VARCHAR. Newest first.
SELECT session_id
FROM sessions
WHERE recorded_to IS NULL
    AND session_id <> $session_id
    AND source_id IN (SELECT source_id FROM sessions WHERE session_id = $session_id)
ORDER BY session_id DESC
