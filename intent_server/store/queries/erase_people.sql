-- Deletes the people of all decisions that a session ever had. $session_id VARCHAR.
DELETE FROM people WHERE decision_id IN (SELECT decision_id FROM decisions WHERE session_id = $session_id)
