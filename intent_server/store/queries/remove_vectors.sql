-- Takes documents out of vectors. $numbers VARCHAR: a JSON list of document_no.
DELETE FROM vectors WHERE document_no IN (SELECT unnest(from_json($numbers, '["BIGINT"]')))
