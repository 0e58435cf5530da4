-- Things outside the store. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO anchors BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "anchor_id": "VARCHAR", "kind": "VARCHAR", "scope": "VARCHAR", "name": "VARCHAR",
        "path": "VARCHAR", "line_start": "BIGINT", "line_end": "BIGINT", "commit_sha": "VARCHAR",
        "text": "VARCHAR", "recorded_from": "TIMESTAMP"
    }]')) AS given
)
