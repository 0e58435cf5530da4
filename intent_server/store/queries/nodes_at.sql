-- The nodes that a file makes. $paths VARCHAR: a JSON list of paths in the repository. By system, unique_id.
SELECT DISTINCT nodes.system, nodes.project, nodes.unique_id, nodes.kind, nodes.name, nodes.path, nodes.relation,
    CAST(NULL AS VARCHAR) AS column_name
FROM nodes
JOIN (SELECT unnest(from_json($paths, '["VARCHAR"]')) AS path) AS wanted
    ON wanted.path = nodes.path OR ends_with(wanted.path, '/' || nodes.path)
WHERE nodes.recorded_to IS NULL AND nodes.kind IN ('model', 'seed', 'snapshot', 'analysis')
ORDER BY nodes.system, nodes.unique_id
