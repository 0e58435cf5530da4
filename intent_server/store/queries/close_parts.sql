-- Ends the open versions of parts. $ids VARCHAR: a JSON list of part ids; $now TIMESTAMP (UTC).
UPDATE parts
SET recorded_to = $now
WHERE recorded_to IS NULL AND part_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
