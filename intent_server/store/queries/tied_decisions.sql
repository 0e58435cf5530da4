-- The decisions that are tied to code, commits, requests or nodes, with the link of each.
-- $paths VARCHAR: a JSON list of paths (NULL: none). $shas VARCHAR: of commits' whole hashes. $requests VARCHAR: of
-- `repository#number`. $nodes VARCHAR: of unique_ids. $others VARCHAR: of repositories that are not meant.
-- By decision, link.
WITH paths AS (SELECT unnest(from_json(CAST($paths AS VARCHAR), '["VARCHAR"]')) AS path)
SELECT
    tied.decision_id, tied.link_id, tied.relation, tied.method, tied.evidence, anchors.kind, anchors.scope, anchors.name,
    anchors.path, coalesce(anchors.line_start, 0) AS line_start, coalesce(anchors.line_end, 0) AS line_end,
    anchors.commit_sha, anchors.text
FROM anchor_links AS tied
JOIN anchors ON anchors.anchor_id = tied.anchor_id
WHERE tied.recorded_to IS NULL
    AND (
        (
            anchors.kind IN ('file', 'lines', 'symbol', 'node', 'column')
            AND anchors.scope NOT IN (SELECT unnest(from_json($others, '["VARCHAR"]')))
            AND EXISTS (
                SELECT 1 FROM paths
                WHERE paths.path = anchors.path OR ends_with(anchors.path, '/' || paths.path)
                    OR ends_with(paths.path, '/' || anchors.path)
            )
        )
        OR (anchors.kind = 'commit' AND anchors.name IN (SELECT unnest(from_json($shas, '["VARCHAR"]'))))
        OR (anchors.kind = 'lines' AND anchors.commit_sha IN (SELECT unnest(from_json($shas, '["VARCHAR"]'))))
        OR (
            anchors.kind IN ('pull_request', 'issue')
            AND lower(anchors.scope || '#' || anchors.name) IN (SELECT lower(unnest(from_json($requests, '["VARCHAR"]'))))
        )
        OR (
            anchors.kind IN ('node', 'column', 'dataset', 'job')
            AND anchors.name IN (SELECT unnest(from_json($nodes, '["VARCHAR"]')))
        )
    )
ORDER BY tied.decision_id, tied.link_id
