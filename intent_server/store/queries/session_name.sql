-- What a session is called: its title, else its source. $session_id VARCHAR. One row or none.
SELECT coalesce(sessions.title, parse_filename(sources.uri)) AS name, sessions.source_kind, sessions.time_basis, sessions.started_at
FROM sessions
JOIN sources ON sources.source_id = sessions.source_id
WHERE sessions.session_id = $session_id AND sessions.recorded_to IS NULL
