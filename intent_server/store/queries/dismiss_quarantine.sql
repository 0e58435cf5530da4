-- Ends a refused item that a person dismissed. $item_id VARCHAR, $reason VARCHAR, $now TIMESTAMP (UTC).
UPDATE quarantine
SET recorded_to = $now, dismissed_reason = $reason
WHERE recorded_to IS NULL AND item_id = $item_id
