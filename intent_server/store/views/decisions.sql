CREATE OR REPLACE VIEW intent.decisions AS
SELECT
    held.decision_id, held.session_id, held.subject, held.choice, held.status, held.authority, held.confidence,
    held.decided_at, held.valid_from, held.valid_to, held.recorded_from, held.recorded_to, held.is_doubtful
FROM main.decisions AS held;

COMMENT ON VIEW intent.decisions IS
    'Decisions and their history: recorded_to IS NULL is what is held now, the other rows are what was held before. Dismissed ones are here too (intent.reviews says which), and those that wait for review (is_doubtful): WHERE NOT is_doubtful is what answers are made of.';
COMMENT ON COLUMN intent.decisions.decision_id IS 'Id of the decision; stays through changes of status.';
COMMENT ON COLUMN intent.decisions.session_id IS 'Session in which it was made.';
COMMENT ON COLUMN intent.decisions.subject IS 'What is decided about, in the source''s words.';
COMMENT ON COLUMN intent.decisions.choice IS 'The option taken, quoted.';
COMMENT ON COLUMN intent.decisions.status IS 'proposed, accepted, declined or superseded.';
COMMENT ON COLUMN intent.decisions.authority IS 'How it is known: ratified, recorded, structured or extracted.';
COMMENT ON COLUMN intent.decisions.confidence IS '0 to 1; 1 where the source''s own structure says it.';
COMMENT ON COLUMN intent.decisions.decided_at IS
    'When the words were said, UTC. As sure as intent.session_dates.time_basis: assumed is the file''s time, no fact.';
COMMENT ON COLUMN intent.decisions.valid_from IS 'From when it holds, UTC.';
COMMENT ON COLUMN intent.decisions.valid_to IS 'Until when it held, UTC; NULL: still.';
COMMENT ON COLUMN intent.decisions.recorded_from IS 'When this row was recorded, UTC.';
COMMENT ON COLUMN intent.decisions.recorded_to IS 'When this row was replaced, UTC; NULL: held now.';
COMMENT ON COLUMN intent.decisions.is_doubtful IS
    'True: too weak to be delivered; it is in no answer until a person has reviewed it.';
