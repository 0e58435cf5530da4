-- The utterances of a session as they are fingerprinted. $session_id VARCHAR. By utterance_index.
SELECT
    utterance_index, speaker, role, said_at, start_ms, end_ms, text, locator, native_id, parent_native_id, topic, doubt
FROM utterances
WHERE session_id = $session_id
ORDER BY utterance_index
