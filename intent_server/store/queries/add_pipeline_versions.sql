-- Versions of nodes. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO pipeline_versions BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "version_id": "VARCHAR", "system": "VARCHAR", "project": "VARCHAR", "unique_id": "VARCHAR",
        "fingerprint": "VARCHAR", "fingerprint_kind": "VARCHAR", "checksum": "VARCHAR",
        "contract_checksum": "VARCHAR", "compiled_fingerprint": "VARCHAR", "repository": "VARCHAR",
        "git_sha": "VARCHAR", "is_dirty": "BOOLEAN", "generated_at": "TIMESTAMP",
        "recorded_from": "TIMESTAMP"
    }]')) AS given
)
