-- Ends refused items. $ids VARCHAR: a JSON list of item ids; $now TIMESTAMP (UTC).
UPDATE quarantine
SET recorded_to = $now
WHERE recorded_to IS NULL AND item_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
