-- The tools' calls and results, the places in code, and where people speak (no words), of sessions.
-- $ids VARCHAR: a JSON list of session ids. By session, index.
SELECT session_id, utterance_index, role, topic, CASE role WHEN 'person' THEN '' ELSE text END AS text,
    native_id, parent_native_id, said_at
FROM utterances
WHERE session_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    AND role IN ('tool_call', 'tool_result', 'harness', 'person')
ORDER BY session_id, utterance_index
