-- These decisions and all that they replaced or that replaced them, link by link.
-- $decision_ids VARCHAR[].
-- Order: by id.
WITH RECURSIVE edges AS (
    SELECT decision_id, target
    FROM links
    WHERE recorded_to IS NULL AND relation = 'supersedes' AND target_kind = 'decision'
    UNION ALL
    SELECT target, decision_id
    FROM links
    WHERE recorded_to IS NULL AND relation = 'supersedes' AND target_kind = 'decision'
),
reached AS (
    SELECT unnest(CAST($decision_ids AS VARCHAR[])) AS decision_id
    UNION
    SELECT edges.target
    FROM reached
    JOIN edges ON edges.decision_id = reached.decision_id
)
SELECT decision_id FROM reached ORDER BY decision_id;
