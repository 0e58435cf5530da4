-- Full ids of closed decisions that a person split that begin or end with these characters. $id VARCHAR.
-- By decision_id; at most 11.
SELECT DISTINCT decision_id
FROM reviews
WHERE recorded_to IS NULL
    AND action = 'split'
    AND (starts_with(decision_id, CAST($id AS VARCHAR)) OR ends_with(decision_id, CAST($id AS VARCHAR)))
ORDER BY decision_id
LIMIT 11;
