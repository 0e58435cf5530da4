-- Forgets the names that fit several things. $ids VARCHAR: a JSON list of decision ids.
DELETE FROM unresolved
WHERE decision_id IN (SELECT unnest(from_json(CAST($ids AS VARCHAR), '["VARCHAR"]')))
