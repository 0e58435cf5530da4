-- Deletes the acts upon decisions, and those that name one. $ids VARCHAR: a JSON list of decision ids.
DELETE FROM reviews
WHERE decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    OR other_decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
