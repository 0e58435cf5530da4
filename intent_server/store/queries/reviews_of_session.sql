-- The acts upon all decisions that a session ever had, and those that name one. $session_id VARCHAR. By review_id.
SELECT review_id, decision_id
FROM reviews
WHERE decision_id IN (SELECT decision_id FROM decisions WHERE session_id = $session_id)
    OR other_decision_id IN (SELECT decision_id FROM decisions WHERE session_id = $session_id)
ORDER BY review_id
