-- The open links from or to decisions. $ids VARCHAR: a JSON list of decision ids. By link_id.
SELECT link_id, decision_id, relation, target_kind, target, method
FROM links
WHERE recorded_to IS NULL
    AND (
        decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
        OR (target_kind = 'decision' AND target IN (SELECT unnest(from_json($ids, '["VARCHAR"]'))))
    )
ORDER BY link_id
