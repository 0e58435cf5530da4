-- The whole audit table as it is hashed. No parameters. By audit_no.
SELECT
    audit_no, recorded_from, actor, action, entity_kind, entity_id, reason, before_fingerprint, after_fingerprint,
    previous_hash, hash
FROM audit
ORDER BY audit_no
