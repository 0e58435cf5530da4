-- What is told of the utterances that quotes stand in, of sessions held now.
-- $session_ids VARCHAR[], $utterances BIGINT[]: one utterance at each position.
-- The utterances of the sessions are found first and joined by number then: a third of the time of one join.
-- Order: by position, from 0.
WITH wanted AS (
    SELECT
        unnest(range(len(CAST($session_ids AS VARCHAR[])))) AS place, unnest(CAST($session_ids AS VARCHAR[])) AS session_id,
        unnest(CAST($utterances AS BIGINT[])) AS utterance_index
),
spoken AS MATERIALIZED (
    SELECT session_id, utterance_index, speaker, said_at, start_ms, locator, doubt
    FROM utterances
    WHERE session_id IN CAST($session_ids AS VARCHAR[])
)
SELECT
    wanted.place, coalesce(sessions.title, parse_filename(sources.uri)) AS session, sources.uri AS source, spoken.speaker,
    coalesce(spoken.said_at, sessions.started_at) AS said_at, spoken.start_ms, spoken.locator, spoken.doubt
FROM wanted
JOIN spoken ON spoken.session_id = wanted.session_id AND spoken.utterance_index = wanted.utterance_index
JOIN sessions ON sessions.session_id = wanted.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
ORDER BY wanted.place
