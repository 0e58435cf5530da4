CREATE OR REPLACE VIEW intent.evidence AS
SELECT
    held.evidence_id, held.part_id, held.decision_id, parts.kind AS part, held.session_id, held.utterance_index,
    held.start_char, held.end_char, held.quote
FROM main.evidence AS held
JOIN (SELECT part_id, any_value(kind) AS kind FROM main.parts GROUP BY part_id) AS parts
    ON parts.part_id = held.part_id;

COMMENT ON VIEW intent.evidence IS
    'The exact words behind each part: substr(text, start_char + 1, end_char - start_char) = quote.';
COMMENT ON COLUMN intent.evidence.evidence_id IS 'Id of the evidence.';
COMMENT ON COLUMN intent.evidence.part_id IS 'Part it supports.';
COMMENT ON COLUMN intent.evidence.decision_id IS 'Decision it belongs to.';
COMMENT ON COLUMN intent.evidence.part IS 'Kind of the part.';
COMMENT ON COLUMN intent.evidence.session_id IS 'Session in which it was said.';
COMMENT ON COLUMN intent.evidence.utterance_index IS 'Utterance that it is quoted from.';
COMMENT ON COLUMN intent.evidence.start_char IS 'First character of the quote, from 0, in code points.';
COMMENT ON COLUMN intent.evidence.end_char IS 'Character after the quote.';
COMMENT ON COLUMN intent.evidence.quote IS 'The words themselves.';
