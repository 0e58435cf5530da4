-- What is told of the utterances that quotes stand in.
-- $session_ids VARCHAR[], $utterances BIGINT[]: one utterance at each position.
-- The utterances of the sessions are found first and joined by number then: a third of the time of one join.
-- Order: none; `place` is the position, from 0.
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
SELECT wanted.place, spoken.speaker, spoken.said_at, spoken.start_ms, spoken.locator, spoken.doubt
FROM wanted
JOIN spoken ON spoken.session_id = wanted.session_id AND spoken.utterance_index = wanted.utterance_index
