-- All postings in order, so that a term's lie together and the others are skipped. No parameters.
CREATE OR REPLACE TABLE postings AS SELECT * FROM postings ORDER BY term_no, document_no
