-- The open links of these decisions, and those of other decisions that point at them.
-- $decision_ids VARCHAR[].
-- Order: by link.
SELECT decision_id, relation, target_kind, target, method
FROM links
WHERE recorded_to IS NULL
    AND (
        decision_id IN (SELECT unnest(CAST($decision_ids AS VARCHAR[])))
        OR (target_kind = 'decision' AND target IN (SELECT unnest(CAST($decision_ids AS VARCHAR[]))))
    )
ORDER BY link_id;
