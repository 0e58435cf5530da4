-- Sessions as they are held from now on. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO sessions BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "session_id": "VARCHAR", "source_id": "VARCHAR", "source_kind": "VARCHAR", "native_id": "VARCHAR",
        "identity": "VARCHAR", "title": "VARCHAR", "project": "VARCHAR", "branch": "VARCHAR",
        "started_at": "TIMESTAMP", "ended_at": "TIMESTAMP", "time_basis": "VARCHAR",
        "parent_native_id": "VARCHAR", "notes": "JSON", "language": "VARCHAR", "utterance_count": "BIGINT",
        "fingerprint": "VARCHAR", "recorded_from": "TIMESTAMP", "recorded_to": "TIMESTAMP"
    }]')) AS given
)
