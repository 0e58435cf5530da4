-- The utterances of several stretches of conversation.
-- $session_ids VARCHAR[], $firsts BIGINT[], $lasts BIGINT[]: one stretch at each position, both ends included.
-- Where they stand is found first, by the index on sessions: a list behind IN is found by it, what is joined is not.
-- Order: by stretch, then as said.
WITH stretches AS (
    SELECT
        unnest(range(len(CAST($session_ids AS VARCHAR[])))) AS stretch_no,
        unnest(CAST($session_ids AS VARCHAR[])) AS session_id,
        unnest(CAST($firsts AS BIGINT[])) AS first_utterance,
        unnest(CAST($lasts AS BIGINT[])) AS last_utterance
),
spoken AS MATERIALIZED (
    SELECT rowid AS place, session_id, utterance_index
    FROM utterances
    WHERE session_id IN CAST($session_ids AS VARCHAR[])
),
places AS (
    SELECT stretches.stretch_no, spoken.place
    FROM stretches
    JOIN spoken
        ON spoken.session_id = stretches.session_id
        AND spoken.utterance_index BETWEEN stretches.first_utterance AND stretches.last_utterance
)
SELECT
    places.stretch_no, utterances.utterance_index, utterances.speaker, utterances.role, utterances.said_at,
    utterances.start_ms, utterances.topic, utterances.locator, utterances.text, utterances.doubt
FROM places
JOIN utterances ON utterances.rowid = places.place
ORDER BY places.stretch_no, utterances.utterance_index;
