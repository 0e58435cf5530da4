-- Tells an open session's language where none is told. $session_id VARCHAR, $language VARCHAR.
UPDATE sessions SET language = $language
WHERE session_id = $session_id AND recorded_to IS NULL AND language IS NULL
