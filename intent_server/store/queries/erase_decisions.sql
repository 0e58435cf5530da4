-- Deletes the decisions rows of a session. $session_id VARCHAR.
DELETE FROM decisions WHERE session_id = $session_id
