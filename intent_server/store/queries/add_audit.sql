-- Audit rows. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO audit BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "audit_no": "BIGINT", "recorded_from": "TIMESTAMP", "actor": "VARCHAR", "action": "VARCHAR",
        "entity_kind": "VARCHAR", "entity_id": "VARCHAR", "reason": "VARCHAR",
        "before_fingerprint": "VARCHAR", "after_fingerprint": "VARCHAR", "previous_hash": "VARCHAR",
        "hash": "VARCHAR"
    }]')) AS given
)
