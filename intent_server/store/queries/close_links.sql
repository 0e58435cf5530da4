-- Ends links. $ids VARCHAR: a JSON list of link ids; $now TIMESTAMP (UTC).
UPDATE links
SET recorded_to = $now
WHERE recorded_to IS NULL AND link_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
