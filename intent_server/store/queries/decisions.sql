-- These decisions as they are held now.
-- $decision_ids VARCHAR[].
-- Order: newest first, then by id.
WITH held AS MATERIALIZED (
    SELECT * FROM decisions WHERE decision_id IN CAST($decision_ids AS VARCHAR[])
)
SELECT
    held.decision_id, held.subject, held.choice, held.status, held.authority,
    held.confidence, held.decided_at, held.valid_from, held.valid_to, held.recorded_from,
    held.session_id, coalesce(sessions.title, parse_filename(sources.uri)) AS session, sources.uri AS source,
    sessions.time_basis, held.is_doubtful
FROM held
JOIN sessions ON sessions.session_id = held.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
WHERE held.recorded_to IS NULL
ORDER BY held.decided_at DESC NULLS LAST, held.decision_id;
