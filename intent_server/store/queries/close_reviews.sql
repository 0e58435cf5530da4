-- Ends acts: they are undone. $ids VARCHAR: a JSON list of review ids; $now TIMESTAMP (UTC); $by, $reason VARCHAR.
UPDATE reviews
SET recorded_to = $now, undone_by = $by, undone_reason = $reason
WHERE recorded_to IS NULL AND review_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
