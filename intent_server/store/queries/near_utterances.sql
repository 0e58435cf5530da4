-- The utterances of open sessions that hold most of a quote's words, long words and rare ones counting more.
-- $words VARCHAR[]: in lower case. $session_id VARCHAR: only this session; NULL for all.
-- Order: most first, then the shortest, then the newest; at most 40.
WITH held AS MATERIALIZED (
    SELECT utterances.rowid AS place, lower(utterances.text) AS text
    FROM utterances
    JOIN sessions ON sessions.session_id = utterances.session_id AND sessions.recorded_to IS NULL
    WHERE CAST($session_id AS VARCHAR) IS NULL OR utterances.session_id = CAST($session_id AS VARCHAR)
),
words AS (
    SELECT unnest(CAST($words AS VARCHAR[])) AS word
),
hits AS MATERIALIZED (
    SELECT held.place, length(held.text) AS size, words.word
    FROM held
    JOIN words ON contains(held.text, words.word)
),
weights AS (
    SELECT word, length(word) / sqrt(count(*)) AS weight FROM hits GROUP BY word
),
shared AS (
    SELECT hits.place, sum(weights.weight) AS shared, any_value(hits.size) AS size
    FROM hits
    JOIN weights ON weights.word = hits.word
    GROUP BY hits.place
),
nearest AS (
    SELECT * FROM shared ORDER BY shared DESC, size, place DESC LIMIT 40
)
SELECT utterances.session_id, utterances.utterance_index, utterances.text
FROM nearest
JOIN utterances ON utterances.rowid = nearest.place
ORDER BY nearest.shared DESC, nearest.size, nearest.place DESC
