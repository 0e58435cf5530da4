-- The open sessions with the columns that their fingerprints are made from. No parameters. By session_id.
SELECT
    session_id, source_kind, native_id, identity, title, project, branch, started_at, ended_at, time_basis,
    parent_native_id, notes, utterance_count, fingerprint
FROM sessions
WHERE recorded_to IS NULL
ORDER BY session_id
