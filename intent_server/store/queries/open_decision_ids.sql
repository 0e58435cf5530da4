-- The decisions held now, be they dismissed or not. $decision_ids VARCHAR[]: among these alone; NULL for all.
-- Order: by id.
SELECT decision_id
FROM decisions
WHERE recorded_to IS NULL
    AND (
        CAST($decision_ids AS VARCHAR[]) IS NULL
        OR decision_id IN CAST($decision_ids AS VARCHAR[])
    )
ORDER BY decision_id
