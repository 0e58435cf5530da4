-- The decisions some of whose words, in the session that holds them, were hard to hear.
-- $decision_ids VARCHAR[]: these decisions alone; NULL for all.
-- Order: by id.
SELECT DISTINCT decisions.decision_id
FROM decisions
JOIN evidence ON evidence.decision_id = decisions.decision_id AND evidence.session_id = decisions.session_id
JOIN utterances
    ON utterances.session_id = evidence.session_id
    AND utterances.utterance_index = evidence.utterance_index
    AND utterances.doubt IS NOT NULL
WHERE decisions.recorded_to IS NULL
    AND evidence.part_id NOT IN (SELECT part_id FROM parts WHERE recorded_to IS NOT NULL)
    AND (
        CAST($decision_ids AS VARCHAR[]) IS NULL
        OR decisions.decision_id IN CAST($decision_ids AS VARCHAR[])
    )
ORDER BY decisions.decision_id
