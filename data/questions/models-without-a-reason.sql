-- Which models has nobody said a word about, so that no decision is tied to them?
SELECT nodes.unique_id AS model, nodes.path, count(DISTINCT versions.fingerprint) AS versions
FROM intent.nodes AS nodes
LEFT JOIN intent.pipeline_versions AS versions
    ON versions.system = nodes.system AND versions.project = nodes.project AND versions.unique_id = nodes.unique_id
WHERE nodes.recorded_to IS NULL AND nodes.kind = 'model'
    AND NOT EXISTS (
        SELECT 1
        FROM intent.links AS links
        JOIN intent.anchors AS anchors ON anchors.anchor_id = links.anchor_id
        WHERE links.recorded_to IS NULL
            AND anchors.scope = nodes.project
            AND (anchors.name = nodes.unique_id OR starts_with(anchors.name, nodes.unique_id || '.'))
    )
GROUP BY nodes.unique_id, nodes.path
ORDER BY model
