-- Every row a session has had. $session_id VARCHAR. The first one first; the open one last.
SELECT session_id, source_id, source_kind, native_id, identity, project, fingerprint, recorded_from, recorded_to
FROM sessions
WHERE session_id = $session_id
ORDER BY recorded_from, recorded_to NULLS LAST
