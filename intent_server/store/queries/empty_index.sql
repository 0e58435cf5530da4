-- Empties the derived tables. No parameters.
DELETE FROM documents;
DELETE FROM terms;
DELETE FROM postings;
DELETE FROM vectors;
DELETE FROM index_state;
