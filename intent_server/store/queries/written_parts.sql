-- All parts that these decisions have had, with when each ended.
-- $decision_ids VARCHAR[].
-- Order: by decision, then as extracted.
SELECT decision_id, part_id, kind, about_part_id, text, recorded_to IS NULL AS is_open
FROM parts
WHERE decision_id IN CAST($decision_ids AS VARCHAR[])
ORDER BY decision_id, position, part_id
