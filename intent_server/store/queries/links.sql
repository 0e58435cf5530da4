-- The open links of these decisions, and those of other decisions that point at them; with what they rest on.
-- $decision_ids VARCHAR[].
-- Order: by decision; what governs before what mentions, the strongest method first; then by link.
WITH wanted AS (SELECT unnest(CAST($decision_ids AS VARCHAR[])) AS decision_id),
held AS (
    SELECT decision_id, relation, target_kind, target, method, CAST(NULL AS VARCHAR) AS evidence, link_id
    FROM links
    ANTI JOIN (SELECT stated_link_id FROM anchor_links WHERE recorded_to IS NULL) AS tied
        ON tied.stated_link_id = links.link_id
    WHERE recorded_to IS NULL
        AND (
            decision_id IN (SELECT decision_id FROM wanted)
            OR (target_kind = 'decision' AND target IN (SELECT decision_id FROM wanted))
        )
    UNION ALL
    SELECT
        tied.decision_id, tied.relation, anchors.kind AS target_kind,
        CASE
            WHEN anchors.kind = 'lines' AND anchors.line_start = anchors.line_end
                THEN anchors.path || ':' || anchors.line_start
            WHEN anchors.kind = 'lines' THEN anchors.path || ':' || anchors.line_start || '-' || anchors.line_end
            WHEN anchors.kind IN ('pull_request', 'issue') AND anchors.scope <> '' AND anchors.name SIMILAR TO '[0-9]+'
                THEN anchors.scope || '#' || anchors.name
            ELSE anchors.name
        END AS target,
        tied.method, tied.evidence, tied.link_id
    FROM anchor_links AS tied
    JOIN anchors ON anchors.anchor_id = tied.anchor_id
    WHERE tied.recorded_to IS NULL AND tied.decision_id IN (SELECT decision_id FROM wanted)
)
SELECT decision_id, relation, target_kind, target, method, evidence
FROM held
ORDER BY
    decision_id,
    list_position(['supersedes', 'contradicts', 'governs', 'guards', 'implements', 'explains'], relation) NULLS LAST,
    list_position(['explicit', 'same_change', 'blame', 'name', 'similar'], method), target_kind, target, link_id
