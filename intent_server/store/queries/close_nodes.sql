-- Ends nodes. $system VARCHAR, $project VARCHAR, $ids VARCHAR: a JSON list of unique_ids; $now TIMESTAMP (UTC).
UPDATE nodes SET recorded_to = $now
WHERE recorded_to IS NULL AND system = $system AND project = $project
    AND unique_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
