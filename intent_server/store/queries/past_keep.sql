-- Documents of the store that a past has too. $numbers VARCHAR: a JSON list of document_no.
INSERT INTO made.documents
SELECT * FROM store.main.documents WHERE document_no IN (SELECT unnest(from_json($numbers, '["BIGINT"]')))
