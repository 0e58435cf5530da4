-- The sessions that documents numbered above $after BIGINT are of, by id: their places here are the numbers that
-- `indexed_documents` gives for the same number.
SELECT DISTINCT session_id FROM documents WHERE document_no > CAST($after AS BIGINT) ORDER BY session_id
