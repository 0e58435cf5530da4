-- What these decisions are about: as `decision_cores`, but for where they were said.
-- $decision_ids VARCHAR[].
-- Rows are found by one narrow column first.
-- Order: by id.
WITH wanted AS (SELECT unnest(CAST($decision_ids AS VARCHAR[])) AS decision_id),
places AS MATERIALIZED (
    SELECT rowid AS place FROM parts WHERE decision_id IN (SELECT decision_id FROM wanted)
),
options AS (
    SELECT parts.decision_id, list(parts.text ORDER BY parts.position) AS alternatives
    FROM parts
    JOIN places ON places.place = parts.rowid
    WHERE parts.kind = 'alternative' AND parts.recorded_to IS NULL
    GROUP BY parts.decision_id
),
standing AS MATERIALIZED (
    SELECT rowid AS place FROM decisions WHERE decision_id IN (SELECT decision_id FROM wanted)
)
SELECT
    decisions.decision_id, decisions.subject, decisions.choice, decisions.confidence, decisions.decided_at,
    coalesce(options.alternatives, []) AS alternatives
FROM decisions
JOIN standing ON standing.place = decisions.rowid
LEFT JOIN options ON options.decision_id = decisions.decision_id
WHERE decisions.recorded_to IS NULL
ORDER BY decisions.decision_id
