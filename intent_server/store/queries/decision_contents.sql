-- What the fingerprints of a session's open decisions are made from, as first recorded. $session_id VARCHAR.
-- By decision_id. `time_basis` is that of the session in which each was first found.
WITH numbered AS (
    SELECT
        decisions.*,
        row_number() OVER (PARTITION BY decision_id ORDER BY recorded_from, recorded_to NULLS LAST) AS turn
    FROM decisions
    WHERE decision_id IN (SELECT decision_id FROM decisions WHERE session_id = $session_id AND recorded_to IS NULL)
), born AS (
    SELECT * FROM numbered WHERE turn = 1
), first_parts AS (
    SELECT parts.decision_id, parts.part_id, parts.kind, parts.about_part_id, parts.position, born.session_id
    FROM parts
    JOIN born ON born.decision_id = parts.decision_id AND born.recorded_from = parts.recorded_from
)
SELECT
    born.decision_id, born.subject, born.status, born.authority, born.confidence, born.extractor, born.decided_at,
    born.valid_from, born.valid_to, born.fingerprint, born.is_doubtful,
    (
        SELECT max_by(time_basis, recorded_from) FROM sessions WHERE sessions.session_id = born.session_id
    ) AS time_basis,
    (
        SELECT to_json(list({'part_id': part_id, 'kind': kind, 'about_part_id': about_part_id} ORDER BY position))
        FROM first_parts
        WHERE first_parts.decision_id = born.decision_id
    ) AS parts,
    (
        SELECT to_json(
            list(
                {
                    'part_id': evidence.part_id, 'utterance_index': utterance_index, 'start_char': start_char,
                    'end_char': end_char, 'quote': quote
                }
                ORDER BY evidence_id
            )
        )
        FROM evidence
        JOIN first_parts ON first_parts.part_id = evidence.part_id AND first_parts.session_id = evidence.session_id
        WHERE evidence.decision_id = born.decision_id
    ) AS evidence,
    (
        SELECT to_json(list([person, role]))
        FROM people
        WHERE people.decision_id = born.decision_id AND people.recorded_from = born.recorded_from
    ) AS people,
    (
        SELECT to_json(list([relation, target_kind, target, method]))
        FROM links
        WHERE links.decision_id = born.decision_id
            AND links.recorded_from = born.recorded_from
            AND links.target_kind <> 'decision'
    ) AS links
FROM born
ORDER BY born.decision_id
