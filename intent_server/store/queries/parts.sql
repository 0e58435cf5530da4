-- The parts of these decisions.
-- $decision_ids VARCHAR[].
-- Order: by decision, then as extracted.
SELECT decision_id, part_id, kind, about_part_id
FROM parts
WHERE decision_id IN (SELECT unnest(CAST($decision_ids AS VARCHAR[])))
ORDER BY decision_id, position;
