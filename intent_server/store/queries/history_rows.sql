-- Every row that these decisions have had, with the conversation that each was made in.
-- $decision_ids VARCHAR[].
-- Order: by decision, then as recorded.
WITH places AS (
    SELECT
        sessions.session_id,
        arg_max(coalesce(sessions.title, parse_filename(sources.uri)), sessions.recorded_from) AS session,
        arg_max(sources.uri, sessions.recorded_from) AS source,
        arg_max(sessions.time_basis, sessions.recorded_from) AS time_basis,
        bool_or(sessions.recorded_to IS NULL) AS is_open
    FROM sessions
    JOIN sources ON sources.source_id = sessions.source_id
    GROUP BY sessions.session_id
)
SELECT
    decisions.decision_id, decisions.subject, decisions.choice, decisions.status, decisions.authority,
    decisions.decided_at, decisions.valid_from, decisions.valid_to, decisions.recorded_from, decisions.recorded_to,
    decisions.session_id, places.session, places.source, places.time_basis, places.is_open, decisions.is_doubtful
FROM decisions
JOIN places ON places.session_id = decisions.session_id
WHERE decisions.decision_id IN CAST($decision_ids AS VARCHAR[])
ORDER BY decisions.decision_id, decisions.recorded_from, decisions.recorded_to NULLS LAST;
