-- Forgets the names that fit several things. $ids VARCHAR: a JSON list of decision ids, NULL for all.
DELETE FROM unresolved
WHERE $ids IS NULL OR decision_id IN (SELECT unnest(from_json(CAST($ids AS VARCHAR), '["VARCHAR"]')))
