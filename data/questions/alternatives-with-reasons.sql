-- Which options were turned down, and which words say why?
SELECT decisions.choice, alternative.text AS alternative, reason.text AS reason
FROM intent.parts AS alternative
JOIN intent.decisions AS decisions ON decisions.decision_id = alternative.decision_id
LEFT JOIN intent.parts AS reason ON reason.about_part_id = alternative.part_id
WHERE alternative.kind = 'alternative' AND decisions.recorded_to IS NULL AND NOT decisions.is_doubtful
ORDER BY decisions.choice, alternative, reason
