-- Every version of a decision's parts with the words behind it, newest session first. $decision_id VARCHAR.
-- By position, part and version.
SELECT
    parts.part_id, parts.decision_id, parts.position, parts.kind, parts.about_part_id, parts.text, parts.recorded_from,
    parts.recorded_to,
    (
        SELECT to_json(
            list(
                {
                    'session_id': session_id, 'utterance_index': utterance_index, 'start_char': start_char,
                    'end_char': end_char, 'quote': quote
                }
                ORDER BY evidence_id
            )
        )
        FROM evidence
        WHERE evidence.part_id = parts.part_id
    ) AS evidence
FROM parts
WHERE parts.decision_id = $decision_id
ORDER BY parts.position, parts.part_id, parts.recorded_from, parts.recorded_to NULLS LAST
