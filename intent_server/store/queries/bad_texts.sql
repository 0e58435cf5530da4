-- Words shown that are not the ones quoted: a part that is not its first quote, a choice that is not its choice part.
-- No parameters. By kind and id.
WITH first AS (
    SELECT part_id, arg_min(quote, evidence_id) AS quote FROM evidence GROUP BY part_id
)
SELECT 'part' AS kind, parts.part_id AS id, 'its text is not its first quote' AS problem
FROM parts
JOIN first ON first.part_id = parts.part_id
WHERE parts.text <> first.quote
UNION ALL
SELECT 'decision', decisions.decision_id, 'its choice is not the text of its choice part'
FROM decisions
JOIN parts ON parts.decision_id = decisions.decision_id AND parts.kind = 'choice'
WHERE decisions.choice <> parts.text
ORDER BY kind, id
