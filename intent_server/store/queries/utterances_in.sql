-- The utterances of several stretches of conversation.
-- $session_ids VARCHAR[], $firsts BIGINT[], $lasts BIGINT[]: one stretch at each position, both ends included.
-- Their rows are found by two narrow columns first: 15 ms at 100,000 utterances, where reading all texts takes 41.
-- Order: by stretch, then as said.
WITH stretches AS (
    SELECT
        unnest(range(len(CAST($session_ids AS VARCHAR[])))) AS stretch_no,
        unnest(CAST($session_ids AS VARCHAR[])) AS session_id,
        unnest(CAST($firsts AS BIGINT[])) AS first_utterance,
        unnest(CAST($lasts AS BIGINT[])) AS last_utterance
),
places AS (
    SELECT stretches.stretch_no, utterances.rowid AS place
    FROM stretches
    JOIN utterances
        ON utterances.session_id = stretches.session_id
        AND utterances.utterance_index BETWEEN stretches.first_utterance AND stretches.last_utterance
)
SELECT
    places.stretch_no, utterances.utterance_index, utterances.speaker, utterances.role, utterances.said_at,
    utterances.start_ms, utterances.topic, utterances.locator, utterances.text, utterances.doubt
FROM places
JOIN utterances ON utterances.rowid = places.place
ORDER BY places.stretch_no, utterances.utterance_index;
