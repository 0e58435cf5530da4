-- The evidence row of this id: found by the index, where looking for a part of an id reads all of them.
-- $id VARCHAR.
-- Order: at most one.
SELECT evidence_id
FROM evidence
WHERE evidence_id = CAST($id AS VARCHAR)
LIMIT 1;
