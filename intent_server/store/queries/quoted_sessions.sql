-- What is told of the sessions that decisions are quoted from: of those held now.
-- $session_ids VARCHAR[].
-- Order: none.
SELECT
    sessions.session_id, coalesce(sessions.title, parse_filename(sources.uri)) AS session, sources.uri AS source,
    sessions.started_at, sessions.time_basis
FROM sessions
JOIN sources ON sources.source_id = sessions.source_id
WHERE sessions.recorded_to IS NULL AND sessions.session_id IN CAST($session_ids AS VARCHAR[])
