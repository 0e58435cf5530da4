-- Empties the derived tables; the highest document number stays known. No parameters.
DELETE FROM documents;
DELETE FROM terms;
DELETE FROM postings;
DELETE FROM vectors;
DELETE FROM index_state WHERE last_document IS NULL;
