-- Sessions that hold exactly one open decision of the source's own stating, which another record may speak of; one that
-- was ratified since is still the source's own, one that was dismissed or is doubtful does not count. No parameters. By decision_id.
SELECT
    min(decisions.decision_id) AS decision_id, sessions.session_id, sessions.native_id, sessions.project, sources.uri
FROM sessions
JOIN decisions ON decisions.session_id = sessions.session_id AND decisions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
WHERE sessions.recorded_to IS NULL
    AND decisions.decision_id IN (SELECT decision_id FROM decisions WHERE authority = 'structured')
    AND NOT decisions.is_doubtful
    AND decisions.decision_id NOT IN (
        SELECT decision_id FROM reviews WHERE recorded_to IS NULL AND action = 'dismissed'
    )
GROUP BY sessions.session_id, sessions.native_id, sessions.project, sources.uri
HAVING count(*) = 1
ORDER BY decision_id
