-- Deletes the utterances rows of a session. $session_id VARCHAR.
DELETE FROM utterances WHERE session_id = $session_id
