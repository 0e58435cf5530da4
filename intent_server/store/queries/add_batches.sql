-- What one run made of one source. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO batches BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "batch_id": "VARCHAR", "run_id": "VARCHAR", "source_id": "VARCHAR", "reader": "VARCHAR",
        "unit": "VARCHAR", "signature": "VARCHAR", "input_fingerprint": "VARCHAR",
        "schema_fingerprint": "VARCHAR", "extractor_fingerprint": "VARCHAR", "output_fingerprint": "VARCHAR",
        "read_count": "BIGINT", "kept_count": "BIGINT", "set_aside_count": "BIGINT",
        "quarantined_count": "BIGINT", "set_aside": "JSON", "masked": "JSON", "irregular": "JSON",
        "session_count": "BIGINT", "decision_count": "BIGINT", "recorded_from": "TIMESTAMP", "declared": "JSON"
    }]')) AS given
)
