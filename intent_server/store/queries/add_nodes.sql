-- Nodes of pipelines as they are from now on. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO nodes BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "system": "VARCHAR", "project": "VARCHAR", "unique_id": "VARCHAR", "kind": "VARCHAR",
        "name": "VARCHAR", "relation": "VARCHAR", "path": "VARCHAR", "description": "VARCHAR",
        "facts": "JSON", "fingerprint": "VARCHAR", "recorded_from": "TIMESTAMP",
        "recorded_to": "TIMESTAMP"
    }]')) AS given
)
