-- Sessions as held now, with the decisions found in each, but for those that were dismissed.
-- $session_id VARCHAR: only this one; NULL for all. $limit BIGINT, $offset BIGINT.
-- $doubtful BOOLEAN: with those that wait for a person's review too.
-- Order: newest first, then by id.
SELECT
    sessions.session_id, sessions.title, sessions.source_kind, sessions.project, sessions.branch,
    sessions.started_at, sessions.ended_at, sessions.time_basis, sessions.notes, sources.uri AS source,
    sessions.utterance_count, sessions.language,
    coalesce(
        (
            SELECT list(decisions.decision_id ORDER BY decisions.decision_id)
            FROM decisions
            WHERE decisions.session_id = sessions.session_id AND decisions.recorded_to IS NULL
                AND (CAST($doubtful AS BOOLEAN) OR NOT decisions.is_doubtful)
                AND decisions.decision_id NOT IN (
                    SELECT decision_id FROM reviews WHERE recorded_to IS NULL AND action = 'dismissed'
                )
        ),
        []
    ) AS decision_ids
FROM sessions
JOIN sources ON sources.source_id = sessions.source_id
WHERE sessions.recorded_to IS NULL
    AND (CAST($session_id AS VARCHAR) IS NULL OR sessions.session_id = CAST($session_id AS VARCHAR))
ORDER BY sessions.started_at DESC NULLS LAST, sessions.session_id
LIMIT CAST($limit AS BIGINT) OFFSET CAST($offset AS BIGINT);
