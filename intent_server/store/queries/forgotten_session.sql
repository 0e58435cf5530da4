-- Whether a session was forgotten. $source_kind VARCHAR, $native_id VARCHAR: the fingerprint that its tombstone has.
SELECT session_id
FROM sessions
WHERE source_kind = $source_kind AND native_id = $native_id AND identity = 'forgotten'
LIMIT 1
