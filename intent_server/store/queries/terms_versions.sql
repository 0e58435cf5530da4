-- How many documents have terms of another edition than $version INTEGER. One row.
SELECT count(*) FROM documents WHERE terms_version IS DISTINCT FROM CAST($version AS INTEGER)
