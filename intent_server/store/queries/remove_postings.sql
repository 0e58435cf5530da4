-- Takes documents out of postings. $numbers VARCHAR: a JSON list of document_no.
DELETE FROM postings WHERE document_no IN (SELECT unnest(from_json($numbers, '["BIGINT"]')))
