-- Deletes the decisions rows of decisions. $ids VARCHAR: a JSON list of decision ids.
DELETE FROM decisions WHERE decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
