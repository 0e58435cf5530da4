-- The documents of a session as the writer tells them apart. $session_id VARCHAR. By document_no.
SELECT document_no, kind, decision_id, first_utterance, last_utterance
FROM documents
WHERE session_id = $session_id
ORDER BY document_no
