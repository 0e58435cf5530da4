-- What these decisions are about: as `decision_cores`, but for where they were said.
-- $decision_ids VARCHAR[].
-- Order: by id.
WITH wanted AS (SELECT unnest(CAST($decision_ids AS VARCHAR[])) AS decision_id),
options AS (
    SELECT decision_id, list(text ORDER BY position) AS alternatives
    FROM parts
    WHERE kind = 'alternative' AND recorded_to IS NULL AND decision_id IN (SELECT decision_id FROM wanted)
    GROUP BY decision_id
)
SELECT
    decisions.decision_id, decisions.subject, decisions.choice, decisions.confidence, decisions.decided_at,
    coalesce(options.alternatives, []) AS alternatives
FROM decisions
LEFT JOIN options ON options.decision_id = decisions.decision_id
WHERE decisions.recorded_to IS NULL AND decisions.decision_id IN (SELECT decision_id FROM wanted)
ORDER BY decisions.decision_id
