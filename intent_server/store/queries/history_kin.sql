-- Decisions on the same subject from the same place as these, held or not: what a source said of it before.
-- $decision_ids VARCHAR[].
-- Order: by id.
WITH places AS (
    SELECT DISTINCT sessions.session_id, sessions.source_kind || ' ' || sessions.native_id AS name
    FROM sessions
    UNION
    SELECT sessions.session_id, sources.uri
    FROM sessions
    JOIN sources ON sources.source_id = sessions.source_id
),
named AS (
    SELECT DISTINCT decisions.decision_id, lower(trim(decisions.subject)) AS subject, places.name
    FROM decisions
    JOIN places ON places.session_id = decisions.session_id
)
SELECT DISTINCT other.decision_id
FROM named
JOIN named AS other ON other.subject = named.subject AND other.name = named.name
WHERE named.decision_id IN CAST($decision_ids AS VARCHAR[])
ORDER BY other.decision_id;
