-- What the decisions held now are about, for judging whether they answer a question, and where they were said.
-- Without those that were dismissed; `is_doubtful` ones wait for a person and are in no answer unless asked for.
-- No parameters. Order: by id.
WITH places AS (
    SELECT
        evidence.decision_id, evidence.session_id,
        list(DISTINCT evidence.utterance_index ORDER BY evidence.utterance_index) AS utterances
    FROM evidence
    JOIN parts ON parts.part_id = evidence.part_id AND parts.recorded_to IS NULL
    GROUP BY evidence.decision_id, evidence.session_id
),
unclear AS (
    SELECT DISTINCT evidence.decision_id, evidence.session_id
    FROM evidence
    JOIN parts ON parts.part_id = evidence.part_id AND parts.recorded_to IS NULL
    JOIN utterances
        ON utterances.session_id = evidence.session_id
        AND utterances.utterance_index = evidence.utterance_index
        AND utterances.doubt IS NOT NULL
)
SELECT
    decisions.decision_id, decisions.session_id, decisions.subject, decisions.choice, decisions.status,
    decisions.authority, decisions.confidence, decisions.decided_at,
    coalesce(places.utterances, []) AS utterances, decisions.is_doubtful,
    unclear.decision_id IS NOT NULL AS is_unclear
FROM decisions
JOIN sessions ON sessions.session_id = decisions.session_id AND sessions.recorded_to IS NULL
LEFT JOIN places
    ON places.decision_id = decisions.decision_id AND places.session_id = decisions.session_id
LEFT JOIN unclear
    ON unclear.decision_id = decisions.decision_id AND unclear.session_id = decisions.session_id
WHERE decisions.recorded_to IS NULL
    AND decisions.decision_id NOT IN (
        SELECT decision_id FROM reviews WHERE recorded_to IS NULL AND action = 'dismissed'
    )
ORDER BY decisions.decision_id;
