-- Ends links to anchors. $ids VARCHAR: a JSON list of link ids; $now TIMESTAMP (UTC).
UPDATE anchor_links SET recorded_to = $now
WHERE recorded_to IS NULL AND link_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
