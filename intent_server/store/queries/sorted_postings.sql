-- An empty table for the postings in order. No parameters.
CREATE TABLE sorted_postings AS SELECT * FROM postings LIMIT 0
