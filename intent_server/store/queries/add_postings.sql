-- Appends postings, sorted, from the columns registered as posting_batch.
INSERT INTO postings BY NAME SELECT * FROM posting_batch ORDER BY term_no, document_no
