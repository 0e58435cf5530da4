-- The utterances of open sessions that may hold quotes.
-- $wanted VARCHAR: a JSON list of {quote_no, pattern}; a pattern fits a quote however it was typed, case put aside.
-- $session_id VARCHAR: only this session; NULL for all.
-- At most 200 utterances a quote and session. Order: by session, quote, then as said.
WITH quotes AS (
    SELECT given.quote_no, given.pattern
    FROM (SELECT unnest(from_json($wanted, '[{"quote_no": "BIGINT", "pattern": "VARCHAR"}]')) AS given)
)
SELECT utterances.session_id, quotes.quote_no, utterances.utterance_index, utterances.text
FROM utterances
JOIN sessions ON sessions.session_id = utterances.session_id AND sessions.recorded_to IS NULL
JOIN quotes ON regexp_matches(utterances.text, quotes.pattern, 'i')
WHERE CAST($session_id AS VARCHAR) IS NULL OR utterances.session_id = CAST($session_id AS VARCHAR)
QUALIFY row_number() OVER (
    PARTITION BY utterances.session_id, quotes.quote_no ORDER BY utterances.utterance_index
) <= 200
ORDER BY utterances.session_id, quotes.quote_no, utterances.utterance_index
