CREATE OR REPLACE VIEW intent.links AS
SELECT
    held.link_id, held.decision_id, held.relation, held.target_kind, held.target, held.method, held.recorded_from,
    held.recorded_to, CAST(NULL AS VARCHAR) AS anchor_id, CAST(NULL AS VARCHAR) AS session_id,
    CAST(NULL AS BIGINT) AS utterance_index, CAST(NULL AS VARCHAR) AS evidence
FROM main.links AS held
ANTI JOIN main.anchor_links AS tied ON tied.stated_link_id = held.link_id
UNION ALL
SELECT
    tied.link_id, tied.decision_id, tied.relation, anchors.kind AS target_kind, anchors.name AS target, tied.method,
    tied.recorded_from, tied.recorded_to, tied.anchor_id, tied.session_id, tied.utterance_index, tied.evidence
FROM main.anchor_links AS tied
JOIN main.anchors AS anchors ON anchors.anchor_id = tied.anchor_id;

COMMENT ON VIEW intent.links IS
    'What decisions are tied to: other decisions, files, lines, commits, pull requests, dbt nodes. recorded_to IS NULL is held now.';
COMMENT ON COLUMN intent.links.link_id IS 'Id of the link.';
COMMENT ON COLUMN intent.links.decision_id IS 'Decision it goes out from.';
COMMENT ON COLUMN intent.links.relation IS 'supersedes, contradicts, refines, depends_on, governs, implements, guards, explains or mentions.';
COMMENT ON COLUMN intent.links.target_kind IS 'decision (target is a decision_id), record or superseded_by (another record as the source names it), else the kind of the anchor: file, lines, commit...';
COMMENT ON COLUMN intent.links.target IS 'Id, path, number or address of what it points to.';
COMMENT ON COLUMN intent.links.method IS 'How it is known: explicit, same_change, blame, name or similar.';
COMMENT ON COLUMN intent.links.recorded_from IS 'When it was recorded, UTC.';
COMMENT ON COLUMN intent.links.recorded_to IS 'When it was closed, UTC; NULL: held now.';
COMMENT ON COLUMN intent.links.anchor_id IS 'The anchor it points to; NULL: another decision, or a thing that is not known here.';
COMMENT ON COLUMN intent.links.session_id IS 'Session in which its evidence stands.';
COMMENT ON COLUMN intent.links.utterance_index IS 'Utterance in which its evidence stands.';
COMMENT ON COLUMN intent.links.evidence IS 'What it rests on: the words, or the fact (an edit, a commit).';
