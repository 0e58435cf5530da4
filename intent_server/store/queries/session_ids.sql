-- Open sessions that a person may mean: by the start or end of the id, by the source's own id, or by title or file name.
-- $wanted VARCHAR. $short BOOLEAN: whether it is long enough to be the start or end of an id.
-- `fit`: 0 the whole id, 1 start or end of it, 2 the whole title, 3 the title in other case, 4 the source's name, 5 a
-- part of the title. Only the lowest fit counts.
-- Order: by fit, then newest; at most 11.
WITH fits AS (
    SELECT
        sessions.session_id,
        sessions.started_at,
        CASE
            WHEN sessions.session_id = wanted.text OR sessions.native_id = wanted.text THEN 0
            WHEN $short AND (
                starts_with(sessions.session_id, wanted.text) OR ends_with(sessions.session_id, wanted.text)
                OR starts_with(sessions.native_id, wanted.text)
            ) THEN 1
            WHEN sessions.title = wanted.text THEN 2
            WHEN lower(sessions.title) = lower(wanted.text) THEN 3
            WHEN sources.uri = wanted.text OR ends_with(lower(sources.uri), '/' || lower(wanted.text)) THEN 4
            WHEN contains(lower(sessions.title), lower(wanted.text)) THEN 5
        END AS fit
    FROM sessions
    JOIN sources ON sources.source_id = sessions.source_id
    CROSS JOIN (SELECT CAST($wanted AS VARCHAR) AS text) AS wanted
    WHERE sessions.recorded_to IS NULL
)
SELECT session_id FROM fits WHERE fit = (SELECT min(fit) FROM fits)
ORDER BY started_at DESC NULLS LAST, session_id
LIMIT 11;
