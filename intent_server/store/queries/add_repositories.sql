-- Repositories as they are from now on. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO repositories BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "repository": "VARCHAR", "place": "VARCHAR", "branch": "VARCHAR", "head": "VARCHAR",
        "is_shallow": "BOOLEAN", "is_dirty": "BOOLEAN", "recorded_from": "TIMESTAMP",
        "recorded_to": "TIMESTAMP"
    }]')) AS given
)
