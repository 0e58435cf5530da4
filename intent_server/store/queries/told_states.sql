-- What the audit last told of each open decision. No parameters. By decision_id.
-- `told`: the fingerprint of its state after its last change; NULL where it never changed. `is_moved`: it differs from
-- the one before, which changes of stores of schema 2 do not.
WITH last AS (
    SELECT
        entity_id,
        arg_max(after_fingerprint, audit_no) AS told,
        arg_max(before_fingerprint IS DISTINCT FROM after_fingerprint, audit_no) AS is_moved
    FROM audit
    WHERE entity_kind = 'decision' AND action = 'change'
    GROUP BY entity_id
)
SELECT
    decisions.decision_id, last.told, coalesce(last.is_moved, false) AS is_moved,
    last.told IS NULL AND (
        decisions.valid_from IS DISTINCT FROM decisions.decided_at OR decisions.valid_to IS NOT NULL
    ) AS is_shifted
FROM decisions
LEFT JOIN last ON last.entity_id = decisions.decision_id
WHERE decisions.recorded_to IS NULL
ORDER BY decisions.decision_id
