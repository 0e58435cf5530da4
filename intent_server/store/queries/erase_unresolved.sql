-- Deletes the unresolved names of decisions. $ids VARCHAR: a JSON list of decision ids.
DELETE FROM unresolved WHERE decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
