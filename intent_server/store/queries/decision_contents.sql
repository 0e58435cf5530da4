-- What the fingerprints of a session's open decisions are made from, as first recorded. $session_id VARCHAR.
-- By decision_id.
WITH born AS (
    SELECT
        decisions.*,
        row_number() OVER (PARTITION BY decision_id ORDER BY recorded_from, recorded_to NULLS LAST) AS turn
    FROM decisions
    WHERE session_id = $session_id
)
SELECT
    born.decision_id, born.subject, born.status, born.authority, born.confidence, born.extractor, born.decided_at,
    born.fingerprint,
    (
        SELECT to_json(list({'part_id': part_id, 'kind': kind, 'about_part_id': about_part_id} ORDER BY position))
        FROM parts
        WHERE parts.decision_id = born.decision_id
    ) AS parts,
    (
        SELECT to_json(
            list(
                {
                    'part_id': part_id, 'utterance_index': utterance_index, 'start_char': start_char,
                    'end_char': end_char, 'quote': quote
                }
                ORDER BY evidence_id
            )
        )
        FROM evidence
        WHERE evidence.decision_id = born.decision_id
    ) AS evidence,
    (SELECT to_json(list([person, role])) FROM people WHERE people.decision_id = born.decision_id) AS people,
    (
        SELECT to_json(list([relation, target_kind, target, method]))
        FROM links
        WHERE links.decision_id = born.decision_id
            AND links.recorded_from = born.recorded_from
            AND links.target_kind <> 'decision'
    ) AS links
FROM born
JOIN decisions AS current ON current.decision_id = born.decision_id AND current.recorded_to IS NULL
WHERE born.turn = 1
ORDER BY born.decision_id
