CREATE OR REPLACE VIEW intent.batches AS
SELECT
    held.batch_id, held.run_id, sources.uri AS source_uri, held.reader, held.unit, held.signature,
    held.input_fingerprint, held.schema_fingerprint, held.extractor_fingerprint, held.output_fingerprint,
    held.read_count, held.kept_count, held.set_aside_count, held.quarantined_count, held.set_aside, held.masked,
    held.irregular, held.session_count, held.decision_count, held.declared,
    held.recorded_from
FROM main.batches AS held
JOIN main.sources ON sources.source_id = held.source_id;

COMMENT ON VIEW intent.batches IS
    'What each ingest run made of each source: read_count = kept_count + set_aside_count + quarantined_count.';
COMMENT ON COLUMN intent.batches.batch_id IS 'Id of the batch.';
COMMENT ON COLUMN intent.batches.run_id IS 'Run it belongs to: one per ingest command.';
COMMENT ON COLUMN intent.batches.source_uri IS 'Source that was read.';
COMMENT ON COLUMN intent.batches.reader IS 'Reader that read it.';
COMMENT ON COLUMN intent.batches.unit IS 'What is counted: cues, lines, records, comments, sections.';
COMMENT ON COLUMN intent.batches.signature IS 'Usability signature: equal input and versions give an equal one.';
COMMENT ON COLUMN intent.batches.input_fingerprint IS 'Of the source''s bytes.';
COMMENT ON COLUMN intent.batches.schema_fingerprint IS 'Of the store''s tables and views.';
COMMENT ON COLUMN intent.batches.extractor_fingerprint IS 'Of reader and extraction with their versions.';
COMMENT ON COLUMN intent.batches.output_fingerprint IS 'Of all that came out.';
COMMENT ON COLUMN intent.batches.read_count IS 'Units in the source.';
COMMENT ON COLUMN intent.batches.kept_count IS 'Units kept.';
COMMENT ON COLUMN intent.batches.set_aside_count IS 'Units set aside by a named rule.';
COMMENT ON COLUMN intent.batches.quarantined_count IS 'Units refused.';
COMMENT ON COLUMN intent.batches.set_aside IS 'Rule to count, JSON.';
COMMENT ON COLUMN intent.batches.masked IS 'Secrets masked: rule to count, JSON.';
COMMENT ON COLUMN intent.batches.irregular IS 'Invisible and look-alike characters: kind, count, first place, JSON.';
COMMENT ON COLUMN intent.batches.session_count IS 'Sessions with words.';
COMMENT ON COLUMN intent.batches.decision_count IS 'Decisions found.';
COMMENT ON COLUMN intent.batches.declared IS
    'As what it was read, JSON: encoding, date, reader asked for, sessions left out. NULL: not kept then.';
COMMENT ON COLUMN intent.batches.recorded_from IS 'When it was recorded, UTC.';
