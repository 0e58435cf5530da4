-- The open sessions of one source's own id, with the places they come from; several where one conversation came in
-- parts. $source_kind VARCHAR, $native_id VARCHAR. By session_id.
SELECT
    sessions.session_id, sessions.source_id, sources.uri, sessions.fingerprint, sessions.utterance_count,
    sessions.time_basis
FROM sessions
JOIN sources ON sources.source_id = sessions.source_id
WHERE sessions.source_kind = $source_kind AND sessions.native_id = $native_id AND sessions.recorded_to IS NULL
ORDER BY sessions.session_id
