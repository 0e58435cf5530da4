CREATE OR REPLACE VIEW intent.commit_files AS
SELECT held.repository, held.sha, held.path, held.old_path, held.change, held.added_lines, held.removed_lines
FROM main.commit_files AS held;

COMMENT ON VIEW intent.commit_files IS 'The files that each commit changed; of a merge those that it brought to its first parent.';
COMMENT ON COLUMN intent.commit_files.repository IS 'host/org/repo, or root:<sha> where there is no remote.';
COMMENT ON COLUMN intent.commit_files.sha IS 'Commit.';
COMMENT ON COLUMN intent.commit_files.path IS 'Path after the commit.';
COMMENT ON COLUMN intent.commit_files.old_path IS 'Path before it, where it was another.';
COMMENT ON COLUMN intent.commit_files.change IS 'added, modified, deleted, renamed, copied or type.';
COMMENT ON COLUMN intent.commit_files.added_lines IS 'Lines added; NULL: a binary file.';
COMMENT ON COLUMN intent.commit_files.removed_lines IS 'Lines removed; NULL: a binary file.';
