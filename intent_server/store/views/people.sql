CREATE OR REPLACE VIEW intent.people AS
SELECT held.decision_id, held.person, held.role, held.recorded_from, held.recorded_to
FROM main.people AS held;

COMMENT ON VIEW intent.people IS
    'Who had which role in a decision, named as the source names them.';
COMMENT ON COLUMN intent.people.decision_id IS 'Decision.';
COMMENT ON COLUMN intent.people.person IS 'Name in the source.';
COMMENT ON COLUMN intent.people.role IS 'proposed, agreed, objected or decided.';
COMMENT ON COLUMN intent.people.recorded_from IS 'When it was recorded, UTC.';
COMMENT ON COLUMN intent.people.recorded_to IS 'When it was replaced, UTC; NULL: held now, as far as its decision is.';
