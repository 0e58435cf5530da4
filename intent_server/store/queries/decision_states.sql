-- Decisions as they stand: their open rows with their open parts, the words behind those in the decision's session, and
-- people. $ids VARCHAR: a JSON list of decision ids. By decision_id.
WITH current AS (
    SELECT *
    FROM decisions
    WHERE recorded_to IS NULL AND decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
), told AS (
    SELECT
        parts.decision_id,
        to_json(
            list(
                {'part_id': part_id, 'kind': kind, 'about_part_id': about_part_id, 'text': text}
                ORDER BY position, part_id
            )
        ) AS parts
    FROM parts
    JOIN current ON current.decision_id = parts.decision_id
    WHERE parts.recorded_to IS NULL
    GROUP BY parts.decision_id
), said AS (
    SELECT
        evidence.decision_id,
        to_json(
            list(
                {
                    'part_id': evidence.part_id, 'utterance_index': utterance_index, 'start_char': start_char,
                    'end_char': end_char, 'quote': quote
                }
                ORDER BY evidence_id
            )
        ) AS evidence
    FROM evidence
    JOIN current ON current.decision_id = evidence.decision_id AND current.session_id = evidence.session_id
    WHERE evidence.part_id IN (SELECT part_id FROM parts WHERE recorded_to IS NULL)
    GROUP BY evidence.decision_id
), took_part AS (
    SELECT people.decision_id, to_json(list([person, role] ORDER BY person, role)) AS people
    FROM people
    JOIN current ON current.decision_id = people.decision_id
    WHERE people.recorded_to IS NULL
    GROUP BY people.decision_id
)
SELECT
    current.decision_id, current.session_id, current.subject, current.choice, current.status, current.authority,
    current.confidence, current.extractor, current.decided_at, current.valid_from, current.valid_to, current.is_doubtful,
    told.parts, said.evidence, took_part.people
FROM current
LEFT JOIN told ON told.decision_id = current.decision_id
LEFT JOIN said ON said.decision_id = current.decision_id
LEFT JOIN took_part ON took_part.decision_id = current.decision_id
ORDER BY current.decision_id
