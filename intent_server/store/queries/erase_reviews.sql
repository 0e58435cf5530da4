-- Deletes the acts upon all decisions that a session ever had, and those that name one. $session_id VARCHAR.
DELETE FROM reviews
WHERE decision_id IN (SELECT decision_id FROM decisions WHERE session_id = $session_id)
    OR other_decision_id IN (SELECT decision_id FROM decisions WHERE session_id = $session_id)
