-- The open links of decisions to anchors. $ids VARCHAR: a JSON list of decision ids. By link_id.
SELECT
    tied.link_id, tied.decision_id, tied.relation, tied.method, tied.stated_link_id, tied.session_id,
    tied.utterance_index, tied.evidence, anchors.kind, anchors.scope, anchors.name,
    coalesce(anchors.line_start, 0) AS line_start, coalesce(anchors.line_end, 0) AS line_end,
    coalesce(anchors.commit_sha, '') AS commit_sha
FROM anchor_links AS tied
JOIN anchors ON anchors.anchor_id = tied.anchor_id
WHERE tied.recorded_to IS NULL
    AND tied.decision_id IN (SELECT unnest(from_json(CAST($ids AS VARCHAR), '["VARCHAR"]')))
ORDER BY tied.link_id
