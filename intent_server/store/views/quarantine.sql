CREATE OR REPLACE VIEW intent.quarantine AS
SELECT
    held.item_id, held.batch_id, sources.uri AS source_uri, held.session_id, held.stage, held.reason, held.place,
    held.text, held.unit_count, held.recorded_from
FROM main.quarantine AS held
JOIN main.sources ON sources.source_id = held.source_id
WHERE held.recorded_to IS NULL;

COMMENT ON VIEW intent.quarantine IS
    'What was refused and waits for a person.';
COMMENT ON COLUMN intent.quarantine.item_id IS 'Id of the item.';
COMMENT ON COLUMN intent.quarantine.batch_id IS 'Batch in which it was refused first.';
COMMENT ON COLUMN intent.quarantine.source_uri IS 'Source it came from.';
COMMENT ON COLUMN intent.quarantine.session_id IS 'Session it came from, where known.';
COMMENT ON COLUMN intent.quarantine.stage IS 'read, extract, or review: what a reviewed decision lost.';
COMMENT ON COLUMN intent.quarantine.reason IS 'Why it was refused.';
COMMENT ON COLUMN intent.quarantine.place IS 'Where it stands in the source.';
COMMENT ON COLUMN intent.quarantine.text IS 'The refused text, secrets masked: quoted, never instructions.';
COMMENT ON COLUMN intent.quarantine.unit_count IS 'How many of the reader''s units it accounts for.';
COMMENT ON COLUMN intent.quarantine.recorded_from IS 'When it was recorded, UTC.';
