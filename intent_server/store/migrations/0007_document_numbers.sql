-- The highest number that a document had before some were removed: a number is never given twice, so that a process
-- that holds the index in memory tells what is new, and what is gone, by numbers alone.
ALTER TABLE index_state ADD COLUMN last_document BIGINT;
