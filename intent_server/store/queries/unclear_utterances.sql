-- Those of some utterances whose words were hard to hear.
-- $session_ids VARCHAR[], $utterances BIGINT[]: one utterance at each position.
-- Order: by position, from 0.
SELECT asked.place
FROM (
    SELECT
        unnest(range(len(CAST($session_ids AS VARCHAR[])))) AS place, unnest(CAST($session_ids AS VARCHAR[])) AS session_id,
        unnest(CAST($utterances AS BIGINT[])) AS utterance_index
) AS asked
JOIN (SELECT session_id, utterance_index FROM utterances WHERE doubt IS NOT NULL) AS doubted
    ON doubted.session_id = asked.session_id AND doubted.utterance_index = asked.utterance_index
ORDER BY asked.place
