-- Deletes the parts of decisions for which nothing is quoted. $ids VARCHAR: a JSON list of decision ids.
DELETE FROM parts
WHERE decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    AND part_id NOT IN (SELECT part_id FROM evidence)
