-- Sessions that hold exactly one open decision of the source's own stating, which another record may speak of; one that
-- was ratified since is still the source's own, one that was dismissed or is doubtful does not count.
-- $projects, $folders VARCHAR[]: those of these projects, and of sources directly in these folders. By decision_id.
WITH near AS (
    SELECT sessions.session_id, sessions.native_id, sessions.project, sources.uri
    FROM sessions
    JOIN sources ON sources.source_id = sessions.source_id
    WHERE sessions.recorded_to IS NULL
        AND (
            sessions.project IN (SELECT unnest(CAST($projects AS VARCHAR[])))
            OR regexp_extract(sources.uri, '^(.*)/', 1) IN (SELECT unnest(CAST($folders AS VARCHAR[])))
        )
)
SELECT min(decisions.decision_id) AS decision_id, near.session_id, near.native_id, near.project, near.uri
FROM near
JOIN decisions ON decisions.session_id = near.session_id AND decisions.recorded_to IS NULL
WHERE decisions.decision_id IN (SELECT decision_id FROM decisions WHERE authority = 'structured')
    AND NOT decisions.is_doubtful
    AND decisions.decision_id NOT IN (
        SELECT decision_id FROM reviews WHERE recorded_to IS NULL AND action = 'dismissed'
    )
GROUP BY near.session_id, near.native_id, near.project, near.uri
HAVING count(*) = 1
ORDER BY decision_id
