-- The utterances that each decision held now quotes. `decision_no`: the place of the decision among those that are
-- held, by id, from 0, be they dismissed or not.
-- $decision_ids VARCHAR[]: among these decisions alone; NULL for all.
-- Order: by decision, then as said.
WITH numbered AS (
    SELECT decision_id, session_id, row_number() OVER (ORDER BY decision_id) - 1 AS decision_no
    FROM decisions
    WHERE recorded_to IS NULL
        AND (
            CAST($decision_ids AS VARCHAR[]) IS NULL
            OR decision_id IN CAST($decision_ids AS VARCHAR[])
        )
)
SELECT DISTINCT numbered.decision_no, evidence.utterance_index
FROM evidence
JOIN numbered ON numbered.decision_id = evidence.decision_id AND numbered.session_id = evidence.session_id
WHERE evidence.part_id NOT IN (SELECT part_id FROM parts WHERE recorded_to IS NOT NULL)
ORDER BY numbered.decision_no, evidence.utterance_index
