-- Deletes the sessions rows of a session. $session_id VARCHAR.
DELETE FROM sessions WHERE session_id = $session_id
