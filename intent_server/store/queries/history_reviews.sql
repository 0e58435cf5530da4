-- What people and agents did with these decisions, undone acts too.
-- $decision_ids VARCHAR[].
-- Order: as it was done.
SELECT decision_id, review_id, action, actor, client, reason, recorded_from, recorded_to
FROM reviews
WHERE decision_id IN CAST($decision_ids AS VARCHAR[])
ORDER BY recorded_from, review_id;
