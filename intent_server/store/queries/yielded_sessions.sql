-- The open sessions of a place that it should give again when it is read: those known by their content alone, and
-- those known by one of these ids of the source's own.
-- $uri VARCHAR, $reader VARCHAR; $is_file BOOLEAN: of a file, whatever reader read it; $keys VARCHAR: a JSON list of
-- {kind, native_id}. By session_id.
SELECT sessions.session_id, sessions.fingerprint
FROM sessions
JOIN sources ON sources.source_id = sessions.source_id
WHERE sources.uri = $uri
    AND (sources.reader = $reader OR CAST($is_file AS BOOLEAN))
    AND sessions.recorded_to IS NULL
    AND (
        sessions.identity = 'content'
        OR (sessions.source_kind, sessions.native_id) IN (
            SELECT (key.kind, key.native_id)
            FROM (SELECT unnest(from_json($keys, '[{"kind": "VARCHAR", "native_id": "VARCHAR"}]')) AS key)
        )
    )
ORDER BY sessions.session_id
