-- Where a decision comes from and the words it first chose. $decision_id VARCHAR. One row.
-- The session is the one it stands in, or stood in last.
SELECT sessions.source_kind, sessions.native_id, sessions.identity, sources.uri, sources.source_id, born.choice
FROM (
    SELECT
        arg_min(choice, (recorded_from, recorded_to IS NULL, recorded_to)) AS choice,
        arg_max(session_id, (recorded_from, recorded_to IS NULL, recorded_to)) AS session_id
    FROM decisions
    WHERE decision_id = $decision_id
) AS born
JOIN sessions ON sessions.session_id = born.session_id
JOIN sources ON sources.source_id = sessions.source_id
ORDER BY sessions.recorded_from DESC
LIMIT 1
