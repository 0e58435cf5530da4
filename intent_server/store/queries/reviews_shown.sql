-- What was done with these decisions here and stands. $decision_ids VARCHAR[]. The first one done first.
SELECT decision_id, review_id, action, actor, client, reason, recorded_from, recorded_to
FROM reviews
WHERE recorded_to IS NULL AND decision_id IN CAST($decision_ids AS VARCHAR[])
ORDER BY recorded_from, review_id;
