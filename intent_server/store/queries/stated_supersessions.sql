-- What sources state of one record replacing another, with the decision that states it and its place; without decisions
-- that were dismissed or are doubtful. No parameters.
-- By link_id.
SELECT
    links.decision_id, links.target_kind, links.target, sessions.session_id, sessions.native_id,
    sessions.project, sources.uri
FROM links
JOIN decisions ON decisions.decision_id = links.decision_id AND decisions.recorded_to IS NULL
JOIN sessions ON sessions.session_id = decisions.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
WHERE links.recorded_to IS NULL
    AND links.method = 'explicit'
    AND links.relation = 'supersedes'
    AND links.target_kind IN ('record', 'superseded_by')
    AND NOT decisions.is_doubtful
    AND links.decision_id NOT IN (
        SELECT decision_id FROM reviews WHERE recorded_to IS NULL AND action = 'dismissed'
    )
ORDER BY links.link_id
