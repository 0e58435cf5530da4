-- The documents of a session's conversation as they are in the store now. $session_id VARCHAR. By document_no.
SELECT document_no, first_utterance, last_utterance
FROM store.main.documents
WHERE session_id = $session_id AND kind = 'conversation'
ORDER BY document_no
