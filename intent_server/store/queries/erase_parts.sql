-- Deletes the parts of all decisions that a session ever had. $session_id VARCHAR.
DELETE FROM parts WHERE decision_id IN (SELECT decision_id FROM decisions WHERE session_id = $session_id)
