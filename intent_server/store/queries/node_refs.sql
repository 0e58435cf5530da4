-- The decisions that nodes name in their meta (`decision_refs`). No parameters. By project, unique_id.
SELECT project, unique_id, path, CAST(json_extract(facts, '$.decision_refs') AS VARCHAR) AS refs
FROM nodes
WHERE recorded_to IS NULL AND json_extract(facts, '$.decision_refs') IS NOT NULL
ORDER BY project, unique_id
