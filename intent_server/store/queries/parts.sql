-- The parts of these decisions as they are held now.
-- $decision_ids VARCHAR[].
-- Their rows are found by one narrow column first.
-- Order: by decision, then as extracted.
WITH places AS MATERIALIZED (
    SELECT rowid AS place FROM parts WHERE decision_id IN (SELECT unnest(CAST($decision_ids AS VARCHAR[])))
)
SELECT parts.decision_id, parts.part_id, parts.kind, parts.about_part_id
FROM parts
JOIN places ON places.place = parts.rowid
WHERE parts.recorded_to IS NULL
ORDER BY parts.decision_id, parts.position, parts.part_id;
