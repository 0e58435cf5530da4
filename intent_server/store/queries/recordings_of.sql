-- The fingerprints of what was read where a session, or those that came before it at its place, comes from.
-- $session_ids VARCHAR[]. By fingerprint.
SELECT DISTINCT batches.input_fingerprint
FROM batches
JOIN sources ON sources.source_id = batches.source_id AND sources.reader = 'audio'
JOIN sessions ON sessions.source_id = sources.source_id
WHERE sessions.session_id IN CAST($session_ids AS VARCHAR[])
ORDER BY batches.input_fingerprint
