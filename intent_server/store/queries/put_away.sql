-- Decisions that are no longer held and that people or agents reviewed here: they go on when their words come again.
-- Not those that a person split, or merged into another one: they ended by that.
-- $marks VARCHAR: a JSON list of marks as reviews have them. By decision_id.
-- fingerprint, choice, subject and authority are those that it came with.
WITH acts AS (
    SELECT decision_id, any_value(mark) AS mark
    FROM reviews
    WHERE recorded_to IS NULL AND mark IN (SELECT unnest(from_json($marks, '["VARCHAR"]')))
    GROUP BY decision_id
    HAVING NOT bool_or(action = 'split')
), merged AS (
    SELECT unnest(from_json(json_extract(changes, '$.gave_way'), '["VARCHAR"]')) AS decision_id
    FROM reviews
    WHERE recorded_to IS NULL AND action = 'merged'
)
SELECT
    decisions.decision_id,
    any_value(decisions.fingerprint) AS fingerprint,
    arg_min(decisions.authority, (decisions.recorded_from, decisions.recorded_to)) AS authority,
    arg_min(decisions.choice, (decisions.recorded_from, decisions.recorded_to)) AS choice,
    arg_min(decisions.subject, (decisions.recorded_from, decisions.recorded_to)) AS subject,
    any_value(acts.mark) AS mark
FROM decisions
JOIN acts ON acts.decision_id = decisions.decision_id
WHERE decisions.decision_id NOT IN (SELECT decision_id FROM merged)
GROUP BY decisions.decision_id
HAVING bool_and(decisions.recorded_to IS NOT NULL)
ORDER BY decisions.decision_id
