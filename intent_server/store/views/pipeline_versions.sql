CREATE OR REPLACE VIEW intent.pipeline_versions AS
SELECT held.version_id, held.system, held.project, held.unique_id, held.fingerprint, held.fingerprint_kind,
    held.checksum, held.contract_checksum, held.compiled_fingerprint, held.repository, held.git_sha, held.is_dirty,
    held.generated_at, held.recorded_from
FROM main.pipeline_versions AS held;

COMMENT ON VIEW intent.pipeline_versions IS 'Versions of nodes: one row for each fingerprint of a node seen at a commit.';
COMMENT ON COLUMN intent.pipeline_versions.version_id IS 'Id of the version.';
COMMENT ON COLUMN intent.pipeline_versions.system IS 'dbt or openlineage.';
COMMENT ON COLUMN intent.pipeline_versions.project IS 'dbt project, or namespace.';
COMMENT ON COLUMN intent.pipeline_versions.unique_id IS 'Node.';
COMMENT ON COLUMN intent.pipeline_versions.fingerprint IS 'Of what the node does: its code, its macros and its configuration.';
COMMENT ON COLUMN intent.pipeline_versions.fingerprint_kind IS 'parsed or rendered; only fingerprints of one kind are comparable.';
COMMENT ON COLUMN intent.pipeline_versions.checksum IS 'dbt''s own checksum of the file.';
COMMENT ON COLUMN intent.pipeline_versions.contract_checksum IS 'dbt''s checksum of the contract.';
COMMENT ON COLUMN intent.pipeline_versions.compiled_fingerprint IS 'Of the SQL of one rendering: evidence, no identity.';
COMMENT ON COLUMN intent.pipeline_versions.repository IS 'Repository that it was seen in.';
COMMENT ON COLUMN intent.pipeline_versions.git_sha IS 'Commit at which it was seen.';
COMMENT ON COLUMN intent.pipeline_versions.is_dirty IS 'True: the working tree had changes that no commit holds. NULL: unknown.';
COMMENT ON COLUMN intent.pipeline_versions.generated_at IS 'When the artifact was made, UTC.';
COMMENT ON COLUMN intent.pipeline_versions.recorded_from IS 'When it was recorded, UTC.';
