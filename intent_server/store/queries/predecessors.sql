-- The closed sessions that a session came after at its place: with an id of the source's own those of that id, else
-- those of the same place. $session_id VARCHAR. By session_id.
SELECT DISTINCT earlier.session_id
FROM sessions AS earlier
JOIN sources ON sources.source_id = earlier.source_id
JOIN (
    SELECT sessions.identity, sessions.source_kind, sessions.native_id, sources.uri
    FROM sessions
    JOIN sources ON sources.source_id = sessions.source_id
    WHERE sessions.session_id = $session_id
) AS own ON earlier.identity = own.identity AND (
    (own.identity = 'content' AND sources.uri = own.uri)
    OR (own.identity = 'native' AND earlier.source_kind = own.source_kind AND earlier.native_id = own.native_id)
)
WHERE earlier.session_id <> $session_id
    AND earlier.session_id NOT IN (SELECT session_id FROM sessions WHERE recorded_to IS NULL)
ORDER BY earlier.session_id
