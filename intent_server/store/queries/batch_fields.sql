-- Every batch with what its signature is made from. No parameters. By batch_id.
SELECT
    batch_id, signature, input_fingerprint, schema_fingerprint, extractor_fingerprint, output_fingerprint, read_count,
    kept_count, set_aside_count, quarantined_count, set_aside
FROM batches
ORDER BY batch_id
