-- The number after the last document. No parameters. One row.
SELECT coalesce(max(document_no), 0) + 1 FROM documents
