-- The decisions that documents numbered above $after BIGINT are of. Order: by document.
SELECT decision_id
FROM documents
WHERE document_no > CAST($after AS BIGINT) AND kind = 'decision'
ORDER BY document_no
