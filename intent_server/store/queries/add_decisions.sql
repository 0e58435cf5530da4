-- Decisions as they are held from now on. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO decisions BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "decision_id": "VARCHAR", "session_id": "VARCHAR", "subject": "VARCHAR", "choice": "VARCHAR",
        "status": "VARCHAR", "authority": "VARCHAR", "confidence": "DOUBLE", "extractor": "VARCHAR",
        "decided_at": "TIMESTAMP", "valid_from": "TIMESTAMP", "valid_to": "TIMESTAMP",
        "fingerprint": "VARCHAR", "recorded_from": "TIMESTAMP", "recorded_to": "TIMESTAMP", "is_doubtful": "BOOLEAN"
    }]')) AS given
)
