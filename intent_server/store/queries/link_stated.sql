-- What sources state of things outside the store. $ids VARCHAR: a JSON list of decision ids, NULL for all. By link_id.
SELECT link_id, decision_id, relation, target_kind, target, method
FROM links
WHERE recorded_to IS NULL
    AND target_kind NOT IN ('decision', 'record', 'superseded_by')
    AND ($ids IS NULL OR decision_id IN (SELECT unnest(from_json(CAST($ids AS VARCHAR), '["VARCHAR"]'))))
ORDER BY link_id
