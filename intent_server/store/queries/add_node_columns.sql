-- Columns of nodes as they are from now on. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO node_columns BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "system": "VARCHAR", "project": "VARCHAR", "unique_id": "VARCHAR", "column_name": "VARCHAR",
        "data_type": "VARCHAR", "description": "VARCHAR", "recorded_from": "TIMESTAMP",
        "recorded_to": "TIMESTAMP"
    }]')) AS given
)
