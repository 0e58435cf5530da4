-- What these decisions are about, for judging whether they answer a question: subject, choice, alternatives, standing.
-- $decision_ids VARCHAR[].
-- Order: by id.
SELECT
    decisions.decision_id, decisions.session_id, decisions.subject, decisions.choice, decisions.status,
    decisions.authority, decisions.confidence, decisions.decided_at,
    coalesce(
        (
            SELECT list(parts.text ORDER BY parts.position)
            FROM parts
            WHERE parts.decision_id = decisions.decision_id AND parts.kind = 'alternative'
        ),
        []
    ) AS alternatives
FROM decisions
WHERE decisions.recorded_to IS NULL
    AND decisions.decision_id IN (SELECT unnest(CAST($decision_ids AS VARCHAR[])))
ORDER BY decisions.decision_id;
