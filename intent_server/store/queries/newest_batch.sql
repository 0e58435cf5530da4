-- The newest batch of a place. $uri VARCHAR, $reader VARCHAR; $is_file BOOLEAN: of a file, whatever reader read it.
-- One row or none.
SELECT batches.batch_id, batches.signature
FROM batches
JOIN sources ON sources.source_id = batches.source_id
WHERE sources.uri = $uri AND (sources.reader = $reader OR CAST($is_file AS BOOLEAN))
ORDER BY batches.batch_id DESC
LIMIT 1
