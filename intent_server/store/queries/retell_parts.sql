-- Gives versions of the parts of decisions whose words are quoted no longer those that are quoted last.
-- $ids VARCHAR: a JSON list of decision ids.
UPDATE parts
SET text = quoted.newest
FROM (
    SELECT part_id, arg_max(words, session_id) AS newest, list(words) AS every
    FROM (
        SELECT part_id, session_id, arg_min(quote, evidence_id) AS words FROM evidence GROUP BY part_id, session_id
    )
    GROUP BY part_id
) AS quoted
WHERE parts.decision_id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    AND quoted.part_id = parts.part_id
    AND NOT list_contains(quoted.every, parts.text)
