-- Puts the postings in order in the place of the others. No parameters.
DROP TABLE postings;
ALTER TABLE sorted_postings RENAME TO postings;
