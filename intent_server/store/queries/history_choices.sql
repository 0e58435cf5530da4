-- The evidence of what these decisions chose: of each the first words of the choice as it is held, or was last,
-- and what is known against them.
-- $decision_ids VARCHAR[].
-- Order: by decision.
WITH choices AS (
    SELECT decision_id, arg_max(part_id, (coalesce(recorded_to, CAST('infinity' AS TIMESTAMP)), part_id)) AS part_id
    FROM parts
    WHERE kind = 'choice' AND decision_id IN CAST($decision_ids AS VARCHAR[])
    GROUP BY decision_id
)
SELECT
    choices.decision_id, min(evidence.evidence_id) AS evidence_id,
    list(utterances.doubt ORDER BY evidence.evidence_id)[1] AS doubt
FROM choices
JOIN evidence ON evidence.part_id = choices.part_id
LEFT JOIN utterances
    ON utterances.session_id = evidence.session_id AND utterances.utterance_index = evidence.utterance_index
GROUP BY choices.decision_id
ORDER BY choices.decision_id;
