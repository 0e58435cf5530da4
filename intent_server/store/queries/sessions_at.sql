-- The open sessions of a place with the columns that their fingerprints are made from.
-- $uri VARCHAR, $reader VARCHAR; $is_file BOOLEAN: of a file, whatever reader read it. By session_id.
SELECT
    sessions.session_id, sessions.source_kind, sessions.native_id, sessions.identity, sessions.title, sessions.project,
    sessions.branch, sessions.started_at, sessions.ended_at, sessions.time_basis, sessions.parent_native_id,
    sessions.notes, sessions.utterance_count, sessions.fingerprint
FROM sessions
JOIN sources ON sources.source_id = sessions.source_id
WHERE sources.uri = $uri
    AND (sources.reader = $reader OR CAST($is_file AS BOOLEAN))
    AND sessions.recorded_to IS NULL
ORDER BY sessions.session_id
