CREATE OR REPLACE VIEW intent.parts AS
SELECT held.part_id, held.decision_id, held.kind, held.about_part_id, held.text, held.recorded_from,
    held.recorded_to
FROM main.parts AS held;

COMMENT ON VIEW intent.parts IS
    'The parts of decisions: choice, rationale, alternative, constraint, objection, consequence. recorded_to IS NULL is held now, the other rows are what a correction replaced.';
COMMENT ON COLUMN intent.parts.part_id IS 'Id of the part.';
COMMENT ON COLUMN intent.parts.decision_id IS 'Decision it belongs to.';
COMMENT ON COLUMN intent.parts.kind IS 'choice, rationale, alternative, constraint, objection or consequence.';
COMMENT ON COLUMN intent.parts.about_part_id IS 'The part it speaks about: the alternative whose reason it is.';
COMMENT ON COLUMN intent.parts.text IS 'The words of its first quote.';
COMMENT ON COLUMN intent.parts.recorded_from IS 'When this version was recorded, UTC.';
COMMENT ON COLUMN intent.parts.recorded_to IS 'When it was replaced, UTC; NULL: held now, as far as its decision is.';
