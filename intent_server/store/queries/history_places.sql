-- All decisions that the places of these sessions ever gave, held or not.
-- $session_ids VARCHAR[].
-- Order: by id.
WITH places AS (
    SELECT DISTINCT sessions.session_id, sessions.source_kind || ' ' || sessions.native_id AS name
    FROM sessions
    UNION
    SELECT sessions.session_id, sources.uri
    FROM sessions
    JOIN sources ON sources.source_id = sessions.source_id
),
wanted AS (
    SELECT name FROM places WHERE session_id IN CAST($session_ids AS VARCHAR[])
)
SELECT DISTINCT decisions.decision_id
FROM decisions
JOIN places ON places.session_id = decisions.session_id
JOIN wanted ON wanted.name = places.name
ORDER BY decisions.decision_id;
