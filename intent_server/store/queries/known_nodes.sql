-- The nodes that these names may mean: by unique_id, name, table or column. $names VARCHAR: a JSON list, lower case;
-- of dotted names the last parts too. By system, project, unique_id.
WITH wanted AS (SELECT DISTINCT unnest(from_json($names, '["VARCHAR"]')) AS name),
named AS (
    SELECT system, project, unique_id
    FROM nodes
    WHERE recorded_to IS NULL
        AND (
            lower(unique_id) IN (SELECT name FROM wanted)
            OR lower(name) IN (SELECT name FROM wanted)
            OR lower(regexp_extract(relation, '([^."`]+)["`]?$', 1)) IN (SELECT name FROM wanted)
        )
    UNION
    SELECT system, project, unique_id
    FROM node_columns
    WHERE recorded_to IS NULL AND lower(column_name) IN (SELECT name FROM wanted)
)
SELECT
    nodes.system, nodes.project, nodes.unique_id, nodes.kind, nodes.name,
    lower(replace(replace(coalesce(nodes.relation, ''), '"', ''), '`', '')) AS relation, coalesce(nodes.path, '') AS path,
    (
        SELECT coalesce(list(lower(held.column_name)), [])
        FROM node_columns AS held
        WHERE held.recorded_to IS NULL AND held.system = nodes.system AND held.project = nodes.project
            AND held.unique_id = nodes.unique_id
    ) AS columns
FROM nodes
SEMI JOIN named
    ON named.system = nodes.system AND named.project = nodes.project AND named.unique_id = nodes.unique_id
WHERE nodes.recorded_to IS NULL
ORDER BY nodes.system, nodes.project, nodes.unique_id
