-- The versions of a node, the oldest code first: by its commit's time, else by when its artifacts were made.
-- $system VARCHAR, $project VARCHAR, $unique_id VARCHAR.
SELECT
    versions.version_id, versions.fingerprint, versions.fingerprint_kind, versions.repository, versions.git_sha,
    versions.is_dirty, coalesce(commits.committed_at, versions.generated_at) AS made_at
FROM pipeline_versions AS versions
LEFT JOIN commits ON commits.sha = versions.git_sha AND commits.repository = versions.repository
WHERE versions.system = $system AND versions.project = $project AND versions.unique_id = $unique_id
ORDER BY coalesce(commits.committed_at, versions.generated_at, versions.recorded_from), versions.version_id
