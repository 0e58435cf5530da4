-- The tools' calls and results, and the places in code, of sessions. $ids VARCHAR: a JSON list of session ids.
-- By session, index.
SELECT session_id, utterance_index, role, topic, text, native_id, parent_native_id
FROM utterances
WHERE session_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    AND role IN ('tool_call', 'tool_result', 'harness')
ORDER BY session_id, utterance_index
