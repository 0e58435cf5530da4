-- Takes documents out of documents. $numbers VARCHAR: a JSON list of document_no.
DELETE FROM documents WHERE document_no IN (SELECT unnest(from_json($numbers, '["BIGINT"]')))
