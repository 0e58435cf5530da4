-- These decisions as they are held now.
-- $decision_ids VARCHAR[].
-- Their rows are found by one narrow column first.
-- Order: newest first, then by id.
WITH places AS MATERIALIZED (
    SELECT rowid AS place FROM decisions WHERE decision_id IN (SELECT unnest(CAST($decision_ids AS VARCHAR[])))
)
SELECT
    decisions.decision_id, decisions.subject, decisions.choice, decisions.status, decisions.authority,
    decisions.confidence, decisions.decided_at, decisions.valid_from, decisions.valid_to, decisions.recorded_from,
    decisions.session_id, coalesce(sessions.title, sources.uri) AS session, sources.uri AS source,
    sessions.time_basis, decisions.is_doubtful
FROM decisions
JOIN places ON places.place = decisions.rowid
JOIN sessions ON sessions.session_id = decisions.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
WHERE decisions.recorded_to IS NULL
ORDER BY decisions.decided_at DESC NULLS LAST, decisions.decision_id;
