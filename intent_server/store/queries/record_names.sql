-- The decisions of decision records, with the names of each; several of one record each by itself, for its name means none
-- of them. No parameters. By decision_id.
SELECT decisions.decision_id, sessions.session_id, sessions.native_id, sessions.project, sources.uri
FROM decisions
JOIN sessions ON sessions.session_id = decisions.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
WHERE decisions.recorded_to IS NULL AND sessions.source_kind = 'decision_record'
ORDER BY decisions.decision_id
