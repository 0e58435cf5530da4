-- The numbers of all documents. No parameters. Order: none; who asks looks each of them up.
SELECT document_no FROM documents
