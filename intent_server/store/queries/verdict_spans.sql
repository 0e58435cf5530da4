-- The words that decisions chose in a session, or last chose elsewhere: as each came, as it stands, and as acts that
-- stand made it. $ids VARCHAR: a JSON list of decision ids. $session_id VARCHAR. By decision, then as said.
-- `is_here`: they stand in this session; else they are those of the newest session that has some.
WITH wanted AS (
    SELECT unnest(from_json($ids, '["VARCHAR"]')) AS decision_id
), born AS (
    SELECT decisions.decision_id, min(recorded_from) AS recorded_from
    FROM decisions
    JOIN wanted ON wanted.decision_id = decisions.decision_id
    GROUP BY decisions.decision_id
), acted AS (
    SELECT unnest(from_json(json_extract(changes, '$.parts.added'), '["VARCHAR"]')) AS part_id
    FROM reviews
    JOIN wanted ON wanted.decision_id = reviews.decision_id
    WHERE recorded_to IS NULL AND json_extract(changes, '$.parts.added') IS NOT NULL
), chosen AS (
    SELECT DISTINCT parts.decision_id, parts.part_id
    FROM parts
    JOIN born ON born.decision_id = parts.decision_id
    WHERE parts.kind = 'choice'
        AND (
            parts.recorded_to IS NULL
            OR parts.recorded_from = born.recorded_from
            OR parts.part_id IN (SELECT part_id FROM acted)
        )
)
SELECT
    evidence.decision_id, evidence.session_id = $session_id AS is_here, evidence.utterance_index, evidence.start_char,
    evidence.end_char, evidence.quote
FROM evidence
JOIN chosen ON chosen.part_id = evidence.part_id
WINDOW held AS (PARTITION BY evidence.decision_id)
QUALIFY CASE
    WHEN bool_or(evidence.session_id = $session_id) OVER held THEN evidence.session_id = $session_id
    ELSE evidence.session_id = max(evidence.session_id) OVER held
END
ORDER BY evidence.decision_id, evidence.utterance_index, evidence.start_char, evidence.evidence_id
