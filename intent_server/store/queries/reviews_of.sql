-- The open acts upon decisions, and those by which they replaced others. $ids VARCHAR: a JSON list of decision ids.
-- The first one done first.
SELECT
    review_id, decision_id, action, actor, client, reason, other_decision_id, mark, changes, recorded_from, recorded_to
FROM reviews
WHERE recorded_to IS NULL
    AND (
        decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
        OR other_decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    )
ORDER BY recorded_from, review_id
