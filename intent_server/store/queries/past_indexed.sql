-- The decisions of a session that have their document in a past. $session_id VARCHAR. By decision_id.
SELECT decision_id FROM made.documents WHERE session_id = $session_id AND decision_id IS NOT NULL ORDER BY decision_id
