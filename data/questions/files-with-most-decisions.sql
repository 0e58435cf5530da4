-- Which files have the most decisions over them, and how often were they changed?
WITH governed AS (
    SELECT anchors.scope AS repository, anchors.path, count(DISTINCT links.decision_id) AS decisions
    FROM intent.links AS links
    JOIN intent.anchors AS anchors ON anchors.anchor_id = links.anchor_id AND anchors.kind IN ('file', 'lines', 'symbol')
    JOIN intent.decisions AS decisions ON decisions.decision_id = links.decision_id AND decisions.recorded_to IS NULL
    WHERE links.recorded_to IS NULL AND links.relation = 'governs'
    GROUP BY anchors.scope, anchors.path
)
SELECT governed.path, governed.decisions, count(DISTINCT files.sha) AS commits
FROM governed
JOIN intent.commit_files AS files ON files.repository = governed.repository AND files.path = governed.path
GROUP BY governed.path, governed.decisions
ORDER BY governed.decisions DESC, commits DESC, governed.path
