-- Executions of nodes and jobs. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO runs BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "run_id": "VARCHAR", "system": "VARCHAR", "project": "VARCHAR", "unique_id": "VARCHAR",
        "native_id": "VARCHAR", "version_id": "VARCHAR", "status": "VARCHAR", "started_at": "TIMESTAMP",
        "ended_at": "TIMESTAMP", "nominal_start": "TIMESTAMP", "nominal_end": "TIMESTAMP",
        "message": "VARCHAR", "row_count": "BIGINT", "recorded_from": "TIMESTAMP",
        "recorded_to": "TIMESTAMP"
    }]')) AS given
)
