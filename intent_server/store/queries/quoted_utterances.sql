-- The utterances of open sessions that may hold a quote.
-- $quote VARCHAR: as given. $pattern VARCHAR: fits it however it was typed, case put aside; a constant, compiled once.
-- $session_id VARCHAR: only this session; NULL for all.
-- At most 200 utterances a session. Order: by session, then as said.
SELECT utterances.session_id, utterances.utterance_index, utterances.text
FROM utterances
JOIN sessions ON sessions.session_id = utterances.session_id AND sessions.recorded_to IS NULL
WHERE (CAST($session_id AS VARCHAR) IS NULL OR utterances.session_id = CAST($session_id AS VARCHAR))
    AND (contains(utterances.text, CAST($quote AS VARCHAR)) OR regexp_matches(utterances.text, $pattern, 'i'))
QUALIFY row_number() OVER (PARTITION BY utterances.session_id ORDER BY utterances.utterance_index) <= 200
ORDER BY utterances.session_id, utterances.utterance_index
