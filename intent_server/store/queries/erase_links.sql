-- Deletes the links from and to all decisions that a session ever had. $session_id VARCHAR.
DELETE FROM links
WHERE decision_id IN (SELECT decision_id FROM decisions WHERE session_id = $session_id)
    OR (target_kind = 'decision' AND target IN (SELECT decision_id FROM decisions WHERE session_id = $session_id))
