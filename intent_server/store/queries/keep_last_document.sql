-- Records the number of the last document, before documents go. No parameters.
DELETE FROM index_state WHERE last_document <= (SELECT max(document_no) FROM documents);
INSERT INTO index_state
SELECT 0 AS sorted_count, max(document_no) AS last_document FROM documents HAVING max(document_no) IS NOT NULL;
