-- The open sessions of a place that are known by their content alone, of one kind. Standard input is no place.
-- $uri VARCHAR, $source_kind VARCHAR. By session_id.
SELECT
    sessions.session_id, sessions.source_id, sources.uri, sessions.fingerprint, sessions.utterance_count,
    sessions.time_basis
FROM sessions
JOIN sources ON sources.source_id = sessions.source_id
WHERE sources.uri = $uri
    AND NOT starts_with(sources.uri, 'stdin:')
    AND NOT starts_with(sources.uri, 'git:')
    AND sessions.source_kind = $source_kind
    AND sessions.identity = 'content'
    AND sessions.recorded_to IS NULL
ORDER BY sessions.session_id
