-- Which models had how many versions before and after a decision about them?
WITH governed AS (
    SELECT DISTINCT decisions.decision_id, decisions.choice, decisions.decided_at, anchors.scope AS project,
        regexp_extract(anchors.name, '^((?:[^.]+\.){2}[^.]+)', 1) AS unique_id
    FROM intent.links AS links
    JOIN intent.anchors AS anchors ON anchors.anchor_id = links.anchor_id AND anchors.kind IN ('node', 'column')
    JOIN intent.decisions AS decisions ON decisions.decision_id = links.decision_id AND decisions.recorded_to IS NULL
    WHERE links.recorded_to IS NULL AND links.relation = 'governs' AND decisions.decided_at IS NOT NULL
)
SELECT
    governed.unique_id AS model, governed.choice, strftime(governed.decided_at, '%Y-%m-%d') AS decided,
    count(DISTINCT versions.fingerprint) FILTER (WHERE versions.generated_at <= governed.decided_at) AS versions_before,
    count(DISTINCT versions.fingerprint) FILTER (WHERE versions.generated_at > governed.decided_at) AS versions_after
FROM governed
JOIN intent.pipeline_versions AS versions
    ON versions.project = governed.project AND versions.unique_id = governed.unique_id
GROUP BY ALL
ORDER BY model, decided, governed.choice
