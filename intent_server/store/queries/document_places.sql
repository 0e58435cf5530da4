-- Where the documents of these decisions stand. $decision_ids VARCHAR[]. Order: by document.
SELECT document_no, session_id, first_utterance, last_utterance
FROM documents
WHERE decision_id IN CAST($decision_ids AS VARCHAR[])
ORDER BY document_no
