-- The newest batch of a place with all that its report is made from, and the reader that made it.
-- $uri VARCHAR, $reader VARCHAR; $is_file BOOLEAN: of a file, whatever reader read it. One row or none.
SELECT
    sources.reader, batches.signature, batches.input_fingerprint, batches.schema_fingerprint,
    batches.extractor_fingerprint, batches.output_fingerprint, batches.unit, batches.read_count, batches.kept_count,
    batches.set_aside_count, batches.quarantined_count, batches.set_aside, batches.masked, batches.irregular,
    batches.session_count, batches.decision_count, batches.declared
FROM batches
JOIN sources ON sources.source_id = batches.source_id
WHERE sources.uri = $uri AND (sources.reader = $reader OR CAST($is_file AS BOOLEAN))
ORDER BY batches.batch_id DESC
LIMIT 1
