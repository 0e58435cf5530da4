-- How many documents there are up to one: as numbers are not given twice, as many as before are the same as before.
-- $up_to BIGINT. One row.
SELECT count(*) FROM documents WHERE document_no <= CAST($up_to AS BIGINT)
