-- Full ids of evidence rows that begin or end with these characters.
-- $id VARCHAR.
-- Order: by id; at most 11.
SELECT evidence_id
FROM evidence
WHERE starts_with(evidence_id, CAST($id AS VARCHAR)) OR ends_with(evidence_id, CAST($id AS VARCHAR))
ORDER BY evidence_id
LIMIT 11;
