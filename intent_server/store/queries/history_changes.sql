-- What the audit tells of these decisions: when each came, changed and went, why and by whom.
-- $decision_ids VARCHAR[].
-- Order: as it happened.
SELECT entity_id AS decision_id, recorded_from, action, actor, reason
FROM audit
WHERE entity_kind = 'decision' AND entity_id IN CAST($decision_ids AS VARCHAR[])
ORDER BY audit_no;
