-- The number after the last document's, also after those that are gone: a number means one document for ever.
-- No parameters. One row.
SELECT greatest(
    (SELECT coalesce(max(document_no), 0) FROM documents), (SELECT coalesce(max(last_document), 0) FROM index_state)
) + 1
