-- The acts upon decisions, and those that name one. $ids VARCHAR: a JSON list of decision ids. By review_id.
SELECT review_id, decision_id, other_decision_id
FROM reviews
WHERE decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    OR other_decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
ORDER BY review_id
