-- The newest batch of a source. $source_id VARCHAR. One row or none.
SELECT batch_id FROM batches WHERE source_id = $source_id ORDER BY batch_id DESC LIMIT 1
