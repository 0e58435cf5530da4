-- Decisions that wait for a person: those that the extractor found and nobody has acted upon, and these.
-- $ids VARCHAR[]: decisions that wait for another reason, held or not. $session_id VARCHAR: only of this session; NULL for
-- all. $since TIMESTAMP (UTC): only those that came into the record since then; NULL for all. Dismissed ones wait for
-- nobody.
-- Order: the most confident first, then newest sessions, then as said.
WITH rows_of AS (
    SELECT
        decisions.*,
        min(recorded_from) OVER (PARTITION BY decision_id) AS born_at,
        row_number() OVER (
            PARTITION BY decision_id ORDER BY recorded_to IS NULL DESC, recorded_from DESC, recorded_to DESC
        ) AS turn
    FROM decisions
    WHERE decision_id IN (SELECT decision_id FROM decisions WHERE recorded_to IS NULL)
        OR decision_id IN CAST($ids AS VARCHAR[])
), acts AS (
    SELECT decision_id, action FROM reviews WHERE recorded_to IS NULL
    UNION
    SELECT other_decision_id, 'replaced' FROM reviews WHERE recorded_to IS NULL AND other_decision_id IS NOT NULL
)
SELECT
    held.decision_id, held.subject, held.status, held.authority, held.confidence, held.decided_at, held.session_id,
    coalesce(sessions.title, parse_filename(sources.uri)) AS session, held.choice, held.is_doubtful
FROM rows_of AS held
JOIN (
    SELECT session_id, max_by(title, recorded_from) AS title, max_by(source_id, recorded_from) AS source_id,
        max_by(started_at, recorded_from) AS started_at
    FROM sessions
    GROUP BY session_id
) AS sessions ON sessions.session_id = held.session_id
JOIN sources ON sources.source_id = sessions.source_id
WHERE held.turn = 1
    AND (CAST($session_id AS VARCHAR) IS NULL OR held.session_id = CAST($session_id AS VARCHAR))
    AND (CAST($since AS TIMESTAMP) IS NULL OR held.born_at >= CAST($since AS TIMESTAMP))
    AND held.decision_id NOT IN (SELECT decision_id FROM acts WHERE action = 'dismissed')
    AND (
        held.decision_id IN CAST($ids AS VARCHAR[])
        OR (
            (held.authority = 'extracted' OR held.is_doubtful)
            AND held.decision_id NOT IN (SELECT decision_id FROM acts)
        )
    )
ORDER BY held.confidence DESC, sessions.started_at DESC NULLS LAST, held.session_id DESC, held.decision_id;
