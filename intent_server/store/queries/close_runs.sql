-- Ends runs that are told otherwise now. $ids VARCHAR: a JSON list of run_ids; $now TIMESTAMP (UTC).
UPDATE runs SET recorded_to = $now
WHERE recorded_to IS NULL AND run_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
