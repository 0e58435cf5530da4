-- The decisions held now, but for doubtful ones, and where they were said. $ids VARCHAR: a JSON list of decision ids, NULL for all. By id.
SELECT
    decisions.decision_id, decisions.session_id, sessions.source_kind, sessions.native_id, sessions.project,
    sessions.started_at, sessions.ended_at, sources.uri
FROM decisions
JOIN sessions ON sessions.session_id = decisions.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
WHERE decisions.recorded_to IS NULL
    AND NOT decisions.is_doubtful
    AND ($ids IS NULL OR decisions.decision_id IN (SELECT unnest(from_json(CAST($ids AS VARCHAR), '["VARCHAR"]'))))
ORDER BY decisions.decision_id
