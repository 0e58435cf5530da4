-- Every source of an open session with the fingerprint of the bytes last read from it. No parameters. By uri.
SELECT sources.uri, sources.reader, max_by(batches.input_fingerprint, batches.batch_id) AS input_fingerprint
FROM sources
JOIN batches ON batches.source_id = sources.source_id
GROUP BY sources.uri, sources.reader
ORDER BY sources.uri, sources.reader
