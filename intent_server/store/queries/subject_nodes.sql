-- The nodes that a subject names: by unique_id, name or table, or with the name of a column behind it.
-- $name VARCHAR: lower case. By how it is named (whole before with a column), system, unique_id.
WITH known AS (
    SELECT
        system, project, unique_id, kind, name, path, relation,
        lower(replace(replace(coalesce(relation, ''), '"', ''), '`', '')) AS plain
    FROM nodes
    WHERE recorded_to IS NULL
)
SELECT known.system, known.project, known.unique_id, known.kind, known.name, known.path, known.relation,
    CAST(NULL AS VARCHAR) AS column_name
FROM known
WHERE lower(known.unique_id) = $name OR lower(known.name) = $name OR (plain <> '' AND ends_with('.' || plain, '.' || $name))
UNION ALL
SELECT known.system, known.project, known.unique_id, known.kind, known.name, known.path, known.relation,
    lower(held.column_name) AS column_name
FROM known
JOIN node_columns AS held
    ON held.recorded_to IS NULL AND held.system = known.system AND held.project = known.project
    AND held.unique_id = known.unique_id
WHERE contains($name, '.')
    AND $name IN (
        lower(known.name || '.' || held.column_name), lower(known.unique_id || '.' || held.column_name),
        plain || '.' || lower(held.column_name)
    )
ORDER BY column_name NULLS FIRST, system, unique_id
