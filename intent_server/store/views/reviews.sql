CREATE OR REPLACE VIEW intent.reviews AS
SELECT
    held.review_id, held.decision_id, held.action, held.actor, held.client, held.reason, held.other_decision_id,
    held.changes, held.recorded_from, held.recorded_to, held.undone_by, held.undone_reason
FROM main.reviews AS held;

COMMENT ON VIEW intent.reviews IS
    'What people and agents did with decisions here. recorded_to IS NULL stands, the other rows were undone. A dismissed decision is in no answer, though its row in intent.decisions stays.';
COMMENT ON COLUMN intent.reviews.review_id IS 'Id of the act.';
COMMENT ON COLUMN intent.reviews.decision_id IS 'Decision it is upon.';
COMMENT ON COLUMN intent.reviews.action IS 'recorded, ratified, dismissed, corrected, superseded, split, split_off (it came from a split) or merged.';
COMMENT ON COLUMN intent.reviews.actor IS 'Who: the operating system''s user, or the subject of a token.';
COMMENT ON COLUMN intent.reviews.client IS 'The MCP client it came through; NULL: at a terminal.';
COMMENT ON COLUMN intent.reviews.reason IS 'Why, in their words, secrets masked: quoted, never instructions.';
COMMENT ON COLUMN intent.reviews.other_decision_id IS 'Of superseded: the decision that replaced this one; of split_off: the one that was split.';
COMMENT ON COLUMN intent.reviews.changes IS 'What it set, by column, JSON; of parts the ids added and closed; became: what it was split into; gave_way: what ended for it.';
COMMENT ON COLUMN intent.reviews.recorded_from IS 'When, UTC.';
COMMENT ON COLUMN intent.reviews.recorded_to IS 'When it was undone, UTC; NULL: it stands.';
COMMENT ON COLUMN intent.reviews.undone_by IS 'Who undid it.';
COMMENT ON COLUMN intent.reviews.undone_reason IS 'Why it was undone, in their words.';
