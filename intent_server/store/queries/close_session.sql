-- Ends a session's open row. $session_id VARCHAR, $now TIMESTAMP (UTC).
UPDATE sessions SET recorded_to = $now WHERE session_id = $session_id AND recorded_to IS NULL
