-- Full ids of decisions, held or not, that begin or end with these characters.
-- $id VARCHAR.
-- Order: by id; at most 11.
SELECT DISTINCT decision_id
FROM decisions
WHERE starts_with(decision_id, CAST($id AS VARCHAR)) OR ends_with(decision_id, CAST($id AS VARCHAR))
ORDER BY decision_id
LIMIT 11;
