-- A mark of the documents and vectors up to one: two marks are equal when nothing among them came, went or changed.
-- $revision VARCHAR: the model's revision. $up_to BIGINT: the last document that counts.
-- Order: one row.
SELECT
    count(*) AS held,
    bit_xor(hash(documents.document_no, vectors.code, documents.session_id, documents.kind)) AS mark
FROM documents
LEFT JOIN vectors
    ON vectors.document_no = documents.document_no AND vectors.model_revision = CAST($revision AS VARCHAR)
WHERE documents.document_no <= CAST($up_to AS BIGINT);
