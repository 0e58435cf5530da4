-- Records that all postings are in order now; what is known of document numbers stays. No parameters.
DELETE FROM index_state WHERE last_document IS NULL;
INSERT INTO index_state SELECT count(*) AS sorted_count, NULL AS last_document FROM postings;
