-- What was noted of these sessions as they were read, for those held now: a list of texts, as JSON.
-- $session_ids VARCHAR[].
-- Order: by id.
SELECT session_id, notes
FROM sessions
WHERE session_id IN CAST($session_ids AS VARCHAR[]) AND recorded_to IS NULL
ORDER BY session_id
