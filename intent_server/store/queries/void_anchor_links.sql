-- Ends the links of decisions that are no longer held. $now TIMESTAMP (UTC).
UPDATE anchor_links SET recorded_to = $now
WHERE recorded_to IS NULL
    AND decision_id NOT IN (SELECT decision_id FROM decisions WHERE recorded_to IS NULL)
