-- The signature of the newest batch of a source. $source_id VARCHAR. One row or none.
SELECT signature FROM batches WHERE source_id = $source_id ORDER BY batch_id DESC LIMIT 1
