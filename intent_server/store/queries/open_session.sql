-- The open session of one source's own id. $source_kind VARCHAR, $native_id VARCHAR. The newest, if any.
SELECT session_id, source_id, fingerprint, utterance_count, time_basis
FROM sessions
WHERE source_kind = $source_kind AND native_id = $native_id AND recorded_to IS NULL
ORDER BY recorded_from DESC
LIMIT 1
