-- Where these sources are.
-- $source_ids VARCHAR[].
-- Order: none.
SELECT source_id, uri
FROM sources
WHERE source_id IN CAST($source_ids AS VARCHAR[])
