-- Words shown that are not the ones quoted: a part that is not its first quote, a choice that is not its choice part.
-- No parameters. By kind and id.
WITH first AS (
    SELECT part_id, session_id, arg_min(quote, evidence_id) AS quote FROM evidence GROUP BY part_id, session_id
)
SELECT DISTINCT 'part' AS kind, parts.part_id AS id, 'its text is not its first quote' AS problem
FROM parts
WHERE parts.part_id IN (SELECT part_id FROM first)
    AND (parts.part_id, parts.text) NOT IN (SELECT (part_id, quote) FROM first)
UNION
SELECT 'decision', decisions.decision_id, 'its choice is not the text of its choice part'
FROM decisions
JOIN parts
    ON parts.decision_id = decisions.decision_id
    AND parts.kind = 'choice'
    AND parts.recorded_from <= decisions.recorded_from
    AND decisions.recorded_from < coalesce(parts.recorded_to, TIMESTAMP '9999-12-31')
WHERE decisions.choice <> parts.text
ORDER BY kind, id
