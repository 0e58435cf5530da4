-- Where these documents stand: what each is, and the session and source it is from. Closed sessions are left out.
-- $document_nos BIGINT[].
-- Order: by document.
SELECT
    documents.document_no, documents.kind, documents.decision_id, documents.first_utterance,
    documents.last_utterance, documents.session_id, coalesce(sessions.title, sources.uri) AS session,
    sources.uri AS source, sessions.started_at
FROM documents
JOIN sessions ON sessions.session_id = documents.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
WHERE documents.document_no IN (SELECT unnest(CAST($document_nos AS BIGINT[])))
ORDER BY documents.document_no;
