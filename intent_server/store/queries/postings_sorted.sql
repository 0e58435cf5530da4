-- Records that all postings are in order now. No parameters.
DELETE FROM index_state;
INSERT INTO index_state SELECT count(*) FROM postings;
