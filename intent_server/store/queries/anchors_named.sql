-- Ids of anchors. $names VARCHAR: a JSON list of their names. By anchor_id.
SELECT
    anchor_id, kind, scope, name, coalesce(line_start, 0) AS line_start, coalesce(line_end, 0) AS line_end,
    coalesce(commit_sha, '') AS commit_sha, text
FROM anchors
WHERE name IN (SELECT unnest(from_json($names, '["VARCHAR"]')))
ORDER BY anchor_id
