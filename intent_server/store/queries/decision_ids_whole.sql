-- The open decision of this id: found by the index, where looking for a part of an id reads all of them.
-- $id VARCHAR.
-- Order: at most one.
SELECT decision_id
FROM decisions
WHERE decision_id = CAST($id AS VARCHAR) AND recorded_to IS NULL
LIMIT 1;
