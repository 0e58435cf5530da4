-- What the audit last told of each open decision. No parameters. By decision_id.
-- `told`: the fingerprint of its state after its last change; NULL where it never changed, or changed in a store of
-- schema 2, which told the one that it came with. `is_shifted`: it never changed, and its times are not those it came with.
WITH last AS (
    SELECT entity_id, arg_max(after_fingerprint, audit_no) AS told
    FROM audit
    WHERE entity_kind = 'decision' AND action = 'change'
    GROUP BY entity_id
)
SELECT
    decisions.decision_id,
    CASE WHEN last.told <> decisions.fingerprint THEN last.told END AS told,
    last.told IS NULL AND (
        decisions.valid_from IS DISTINCT FROM decisions.decided_at OR decisions.valid_to IS NOT NULL
    ) AS is_shifted
FROM decisions
LEFT JOIN last ON last.entity_id = decisions.decision_id
WHERE decisions.recorded_to IS NULL
ORDER BY decisions.decision_id
