-- Records how many postings are in order now, all of them; what is known of document numbers stays.
-- $sorted_count BIGINT.
DELETE FROM index_state WHERE last_document IS NULL;
INSERT INTO index_state (sorted_count, last_document) VALUES ($sorted_count, NULL);
