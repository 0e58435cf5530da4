-- The int8 codes of documents made by one model, with what is needed to filter them.
-- $revision VARCHAR: the model's revision. $after BIGINT: only documents numbered above this one; -1 for all.
-- `follows`: true when the document before it is of the same session and also conversation.
-- Order: by document.
SELECT
    vectors.document_no,
    vectors.code,
    documents.kind = 'decision' AS is_decision,
    coalesce(
        documents.kind = 'conversation'
        AND lag(documents.kind) OVER placed = 'conversation'
        AND lag(documents.session_id) OVER placed = documents.session_id,
        false
    ) AS follows
FROM vectors
JOIN documents ON documents.document_no = vectors.document_no
WHERE vectors.model_revision = CAST($revision AS VARCHAR) AND vectors.document_no > CAST($after AS BIGINT)
WINDOW placed AS (ORDER BY vectors.document_no)
ORDER BY vectors.document_no;
