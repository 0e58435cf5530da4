-- Which of these records were in a session that was forgotten. $marks VARCHAR: a JSON list of the fingerprints that
-- tombstones keep; $source_kind VARCHAR. By mark.
SELECT DISTINCT gone.mark
FROM (
    SELECT unnest(from_json(notes, '["VARCHAR"]')) AS mark
    FROM sessions
    WHERE identity = 'forgotten' AND source_kind = $source_kind
) AS gone
JOIN (SELECT unnest(from_json($marks, '["VARCHAR"]')) AS mark) AS asked ON asked.mark = gone.mark
ORDER BY gone.mark
