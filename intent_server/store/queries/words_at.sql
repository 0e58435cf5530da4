-- What is held of what was said at a place: each turn of its open sessions, by speaker and words, and how often.
-- $uri VARCHAR, $reader VARCHAR; $is_file BOOLEAN: of a file, whatever reader read it. By speaker and text.
SELECT utterances.speaker, utterances.text, count(*) AS found
FROM utterances
JOIN sessions ON sessions.session_id = utterances.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
WHERE sources.uri = $uri AND (sources.reader = $reader OR CAST($is_file AS BOOLEAN))
GROUP BY utterances.speaker, utterances.text
ORDER BY utterances.speaker, utterances.text
