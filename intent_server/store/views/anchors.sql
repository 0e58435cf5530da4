CREATE OR REPLACE VIEW intent.anchors AS
SELECT held.anchor_id, held.kind, held.scope, held.name, held.path, held.line_start, held.line_end, held.commit_sha,
    held.text, held.recorded_from
FROM main.anchors AS held;

COMMENT ON VIEW intent.anchors IS
    'Things outside the store that links point to: files, lines, commits, pull requests, dbt nodes, columns, datasets.';
COMMENT ON COLUMN intent.anchors.anchor_id IS 'Id of the anchor.';
COMMENT ON COLUMN intent.anchors.kind IS 'file, lines, symbol, commit, pull_request, issue, node, column, dataset, job or run.';
COMMENT ON COLUMN intent.anchors.scope IS 'What the name is unique in: the repository (host/org/repo), the dbt project, the dataset namespace.';
COMMENT ON COLUMN intent.anchors.name IS 'Path, commit, number, dbt unique_id (with .column), dataset.';
COMMENT ON COLUMN intent.anchors.path IS 'File in the repository, for files, lines and symbols.';
COMMENT ON COLUMN intent.anchors.line_start IS 'First line, from 1; of lines and symbols.';
COMMENT ON COLUMN intent.anchors.line_end IS 'Last line.';
COMMENT ON COLUMN intent.anchors.commit_sha IS 'Commit in which the lines have these numbers.';
COMMENT ON COLUMN intent.anchors.text IS 'What the lines said then, where the repository was read.';
COMMENT ON COLUMN intent.anchors.recorded_from IS 'When it was recorded, UTC.';
