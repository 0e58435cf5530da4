-- The documents numbered above $after BIGINT: where each stands and how long it is. `session_no`: the place of its
-- session among `indexed_sessions`, from 0: a number costs a hundredth of a text to hand over.
-- Order: by document.
WITH numbered AS (
    SELECT session_id, row_number() OVER (ORDER BY session_id) - 1 AS session_no
    FROM (SELECT DISTINCT session_id FROM documents WHERE document_no > CAST($after AS BIGINT)) AS met
)
SELECT
    documents.document_no, documents.kind = 'decision' AS is_decision, numbered.session_no, documents.first_utterance,
    documents.last_utterance, documents.term_count
FROM documents
JOIN numbered ON numbered.session_id = documents.session_id
WHERE documents.document_no > CAST($after AS BIGINT)
ORDER BY documents.document_no
