-- Open links by which one decision replaces another that hold no longer: one of the two is closed or dismissed, or a
-- person said so and took it back (`is_standing`: both are held and not dismissed). No parameters. By link_id.
WITH dismissed AS (
    SELECT decision_id FROM reviews WHERE recorded_to IS NULL AND action = 'dismissed'
), standing AS (
    SELECT decision_id FROM decisions WHERE recorded_to IS NULL AND decision_id NOT IN (SELECT decision_id FROM dismissed)
)
SELECT
    links.link_id, links.decision_id, links.relation, links.target_kind, links.target,
    links.decision_id IN (SELECT decision_id FROM standing) AND links.target IN (SELECT decision_id FROM standing)
        AS is_standing
FROM links
WHERE links.recorded_to IS NULL
    AND links.relation = 'supersedes'
    AND links.target_kind = 'decision'
    AND (
        links.decision_id NOT IN (SELECT decision_id FROM standing)
        OR links.target NOT IN (SELECT decision_id FROM standing)
        OR (
            (links.decision_id, links.target) IN (
                SELECT (other_decision_id, decision_id)
                FROM reviews
                WHERE action = 'superseded' AND other_decision_id IS NOT NULL
            )
            AND (links.decision_id, links.target) NOT IN (
                SELECT (other_decision_id, decision_id)
                FROM reviews
                WHERE action = 'superseded' AND other_decision_id IS NOT NULL AND recorded_to IS NULL
            )
        )
    )
ORDER BY links.link_id
