-- What the store holds for answers: decisions that are delivered, and those that wait for a person's review. Without
-- those that were dismissed. No parameters. One row.
SELECT
    count(*) FILTER (NOT coalesce(is_doubtful, false)) AS delivered,
    count(*) FILTER (coalesce(is_doubtful, false)) AS waiting
FROM decisions
WHERE recorded_to IS NULL
    AND decision_id NOT IN (SELECT decision_id FROM reviews WHERE recorded_to IS NULL AND action = 'dismissed')
