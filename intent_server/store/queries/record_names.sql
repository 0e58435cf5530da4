-- The decisions of decision records, with the file of each. No parameters. By decision_id.
SELECT decisions.decision_id, sessions.native_id, sources.uri
FROM decisions
JOIN sessions ON sessions.session_id = decisions.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
WHERE decisions.recorded_to IS NULL AND sessions.source_kind = 'decision_record'
ORDER BY decisions.decision_id
