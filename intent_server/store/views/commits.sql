CREATE OR REPLACE VIEW intent.commits AS
SELECT held.repository, held.sha, held.author, held.authored_at, held.committed_at, held.subject, held.body,
    held.pull_request, held.recorded_from
FROM main.commits AS held;

COMMENT ON VIEW intent.commits IS 'Commits of the repositories that were read.';
COMMENT ON COLUMN intent.commits.repository IS 'host/org/repo, or root:<sha> where there is no remote.';
COMMENT ON COLUMN intent.commits.sha IS 'Full hash.';
COMMENT ON COLUMN intent.commits.author IS 'Name of the author.';
COMMENT ON COLUMN intent.commits.authored_at IS 'When the change was made, UTC.';
COMMENT ON COLUMN intent.commits.committed_at IS 'When the commit was made, UTC.';
COMMENT ON COLUMN intent.commits.subject IS 'First line of the message, secrets masked.';
COMMENT ON COLUMN intent.commits.body IS 'The rest of the message, secrets masked.';
COMMENT ON COLUMN intent.commits.pull_request IS 'Number of the pull or merge request that the subject names.';
COMMENT ON COLUMN intent.commits.recorded_from IS 'When it was recorded, UTC.';
