-- Until when the sources of some sessions were heard: the newest moment that any session of the same sources speaks of.
-- $session_ids VARCHAR[]: the sessions. Order: one row. A file's time that stands in for a date says nothing.
SELECT max(greatest(sessions.started_at, sessions.ended_at)) AS heard_until
FROM sessions
WHERE
    sessions.recorded_to IS NULL
    AND sessions.time_basis <> 'assumed'
    AND sessions.source_id IN (
        SELECT named.source_id
        FROM sessions AS named
        WHERE named.recorded_to IS NULL AND list_contains(CAST($session_ids AS VARCHAR[]), named.session_id)
    );
