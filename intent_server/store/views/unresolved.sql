CREATE OR REPLACE VIEW intent.unresolved AS
SELECT held.decision_id, held.words, held.fits, held.examples
FROM main.unresolved AS held;

COMMENT ON VIEW intent.unresolved IS 'Names in decisions that fit several things and therefore link to none.';
COMMENT ON COLUMN intent.unresolved.decision_id IS 'Decision that has the name in its words.';
COMMENT ON COLUMN intent.unresolved.words IS 'The name as it was said.';
COMMENT ON COLUMN intent.unresolved.fits IS 'How many things it fits.';
COMMENT ON COLUMN intent.unresolved.examples IS 'JSON: up to three of them.';
