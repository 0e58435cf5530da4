-- The parts of these decisions as they are held now.
-- $decision_ids VARCHAR[].
-- Order: by decision, then as extracted.
SELECT decision_id, part_id, kind, about_part_id
FROM parts
WHERE decision_id IN (SELECT unnest(CAST($decision_ids AS VARCHAR[])))
    AND recorded_to IS NULL
ORDER BY decision_id, position, part_id;
