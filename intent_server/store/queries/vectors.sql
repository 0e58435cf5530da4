-- Every indexed document: where it stands, how long it is and its int8 code, empty where this model made none.
-- $revision VARCHAR: the model's revision. $after BIGINT: only documents numbered above this one; -1 for all.
-- `follows`: true when the document before it is of the same session and also conversation.
-- Order: by session, then as said, the conversation before the decisions: the same for the same documents, whatever
-- their numbers, so that a store that grew and one that was rebuilt give one answer.
SELECT
    documents.document_no,
    coalesce(vectors.code, CAST('' AS BLOB)) AS code,
    documents.kind = 'decision' AS is_decision,
    coalesce(
        documents.kind = 'conversation'
        AND lag(documents.kind) OVER placed = 'conversation'
        AND lag(documents.session_id) OVER placed = documents.session_id,
        false
    ) AS follows,
    documents.session_id,
    coalesce(documents.decision_id, '') AS decision_id,
    documents.first_utterance,
    documents.last_utterance,
    documents.term_count
FROM documents
LEFT JOIN vectors
    ON vectors.document_no = documents.document_no AND vectors.model_revision = CAST($revision AS VARCHAR)
WHERE documents.document_no > CAST($after AS BIGINT)
WINDOW placed AS (
    ORDER BY
        documents.session_id, documents.kind, documents.first_utterance, documents.last_utterance,
        documents.decision_id, documents.document_no
)
ORDER BY
    documents.session_id, documents.kind, documents.first_utterance, documents.last_utterance, documents.decision_id,
    documents.document_no;
