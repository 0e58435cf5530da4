-- Terms that the store has not, with the numbers they got before. $rows VARCHAR: a JSON list of {term, term_no}.
INSERT INTO made.terms BY NAME
SELECT given.term, given.term_no, 0 AS document_count
FROM (SELECT unnest(from_json($rows, '[{"term": "VARCHAR", "term_no": "BIGINT"}]')) AS given)
