-- Of records with these ids, those that another open session already holds.
-- $ids VARCHAR: a JSON list of the source's own ids; $source_kind VARCHAR, $native_id VARCHAR: the session that asks.
-- By native_id.
SELECT DISTINCT utterances.native_id
FROM utterances
JOIN sessions ON sessions.session_id = utterances.session_id
WHERE sessions.recorded_to IS NULL
    AND sessions.source_kind = $source_kind
    AND sessions.native_id <> $native_id
    AND utterances.native_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
ORDER BY utterances.native_id
