-- One evidence row: its exact words, and where they stand. $evidence_id VARCHAR.
-- Order: one row, or none.
WITH wanted AS MATERIALIZED (
    SELECT * FROM evidence WHERE evidence_id = CAST($evidence_id AS VARCHAR)
)
SELECT
    wanted.evidence_id, wanted.quote, wanted.start_char, wanted.end_char, wanted.session_id, wanted.utterance_index,
    coalesce(sessions.title, parse_filename(sources.uri)) AS session, sources.uri AS source, spoken.speaker,
    coalesce(spoken.said_at, sessions.started_at) AS said_at, spoken.start_ms, spoken.locator, spoken.doubt,
    spoken.end_ms
FROM wanted
JOIN utterances AS spoken
    ON spoken.session_id = wanted.session_id AND spoken.utterance_index = wanted.utterance_index
JOIN sessions ON sessions.session_id = wanted.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
