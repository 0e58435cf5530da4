-- Ends the open rows of decisions. $ids VARCHAR: a JSON list of decision ids; $now TIMESTAMP (UTC).
UPDATE decisions
SET recorded_to = $now
WHERE recorded_to IS NULL AND decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
