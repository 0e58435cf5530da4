-- The sessions of a past whose index is not all there: some conversation must be looked at anew (`is_unsettled`), or a
-- decision has no document. No parameters. By session_id.
SELECT sessions.session_id, sessions.session_id IN (SELECT session_id FROM unsettled) AS is_unsettled
FROM sessions
WHERE sessions.recorded_to IS NULL
    AND (
        sessions.session_id IN (SELECT session_id FROM unsettled)
        OR sessions.session_id IN (
            SELECT decisions.session_id
            FROM decisions
            ANTI JOIN made.documents ON documents.decision_id = decisions.decision_id
            WHERE decisions.recorded_to IS NULL
        )
    )
ORDER BY sessions.session_id
