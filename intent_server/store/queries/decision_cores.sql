-- What the decisions held now are about, for judging whether they answer a question, and where they were said.
-- No parameters. Order: by id.
WITH options AS (
    SELECT decision_id, list(text ORDER BY position) AS alternatives
    FROM parts
    WHERE kind = 'alternative'
    GROUP BY decision_id
),
places AS (
    SELECT decision_id, list(DISTINCT utterance_index ORDER BY utterance_index) AS utterances
    FROM evidence
    GROUP BY decision_id
)
SELECT
    decisions.decision_id, decisions.session_id, decisions.subject, decisions.choice, decisions.status,
    decisions.authority, decisions.confidence, decisions.decided_at, coalesce(options.alternatives, []) AS alternatives,
    coalesce(places.utterances, []) AS utterances
FROM decisions
JOIN sessions ON sessions.session_id = decisions.session_id AND sessions.recorded_to IS NULL
LEFT JOIN options ON options.decision_id = decisions.decision_id
LEFT JOIN places ON places.decision_id = decisions.decision_id
WHERE decisions.recorded_to IS NULL
ORDER BY decisions.decision_id;
