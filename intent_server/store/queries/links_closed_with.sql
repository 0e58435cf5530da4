-- A decision's links to things outside that ended when it did. $decision_id VARCHAR, $closed_at TIMESTAMP (UTC).
-- By link_id.
SELECT decision_id, relation, target_kind, target, method
FROM links
WHERE decision_id = $decision_id AND recorded_to = CAST($closed_at AS TIMESTAMP) AND target_kind <> 'decision'
ORDER BY link_id
