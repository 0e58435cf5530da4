-- Appends vectors. $rows VARCHAR: a JSON list of objects; code and vector in base64.
INSERT INTO vectors BY NAME
SELECT
    given.document_no, given.model_name, given.model_revision, from_base64(given.code) AS code,
    from_base64(given.vector) AS vector
FROM (
    SELECT unnest(from_json($rows, '[{
        "document_no": "BIGINT", "model_name": "VARCHAR", "model_revision": "VARCHAR", "code": "VARCHAR",
        "vector": "VARCHAR"
    }]')) AS given
)
