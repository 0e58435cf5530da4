-- The utterances of open sessions that hold most of a quote's words, long words counting more.
-- $words VARCHAR[]: in lower case. $session_id VARCHAR: only this session; NULL for all.
-- Order: most first, then the shortest, then the newest; at most 40.
SELECT session_id, utterance_index, text
FROM (
    SELECT
        utterances.session_id, utterances.utterance_index, utterances.text,
        list_sum(
            list_transform(
                CAST($words AS VARCHAR[]),
                lambda word: CASE WHEN contains(lower(utterances.text), word) THEN length(word) ELSE 0 END
            )
        ) AS shared
    FROM utterances
    JOIN sessions ON sessions.session_id = utterances.session_id AND sessions.recorded_to IS NULL
    WHERE CAST($session_id AS VARCHAR) IS NULL OR utterances.session_id = CAST($session_id AS VARCHAR)
)
WHERE shared > 0
ORDER BY shared DESC, length(text), session_id DESC, utterance_index
LIMIT 40
