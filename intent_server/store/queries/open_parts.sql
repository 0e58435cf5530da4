-- The parts of a decision as they are held now. $decision_id VARCHAR. By position; the choice last, of which is one.
SELECT part_id, decision_id, position, kind, about_part_id, text
FROM parts
WHERE decision_id = $decision_id AND recorded_to IS NULL
ORDER BY kind = 'choice', position, part_id
