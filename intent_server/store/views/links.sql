CREATE OR REPLACE VIEW intent.links AS
SELECT
    held.link_id, held.decision_id, held.relation, held.target_kind, held.target, held.method, held.recorded_from,
    held.recorded_to
FROM main.links AS held;

COMMENT ON VIEW intent.links IS
    'What decisions are tied to: other decisions, files, commits, pull requests. recorded_to IS NULL is held now.';
COMMENT ON COLUMN intent.links.link_id IS 'Id of the link.';
COMMENT ON COLUMN intent.links.decision_id IS 'Decision it goes out from.';
COMMENT ON COLUMN intent.links.relation IS 'supersedes, contradicts, refines, depends_on, governs, implements, guards, explains or mentions.';
COMMENT ON COLUMN intent.links.target_kind IS 'decision (target is a decision_id), record or superseded_by (another record as the source names it), file, commit...';
COMMENT ON COLUMN intent.links.target IS 'Id, path, number or address of what it points to.';
COMMENT ON COLUMN intent.links.method IS 'How it is known: explicit, same_change, blame, name or similar.';
COMMENT ON COLUMN intent.links.recorded_from IS 'When it was recorded, UTC.';
COMMENT ON COLUMN intent.links.recorded_to IS 'When it was closed, UTC; NULL: held now.';
