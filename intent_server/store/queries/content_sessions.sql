-- The open sessions of a source that are known by their content alone. $source_id VARCHAR. By session_id.
SELECT session_id, source_kind, native_id, fingerprint
FROM sessions
WHERE source_id = $source_id AND identity = 'content' AND recorded_to IS NULL
ORDER BY session_id
