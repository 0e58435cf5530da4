CREATE OR REPLACE VIEW intent.nodes AS
SELECT held.system, held.project, held.unique_id, held.kind, held.name, held.relation, held.path, held.description,
    held.facts, held.recorded_from, held.recorded_to
FROM main.nodes AS held;

COMMENT ON VIEW intent.nodes IS
    'What pipelines consist of: dbt models, sources, tests, exposures; jobs and datasets of OpenLineage. recorded_to IS NULL is held now.';
COMMENT ON COLUMN intent.nodes.system IS 'dbt or openlineage.';
COMMENT ON COLUMN intent.nodes.project IS 'dbt project, or namespace.';
COMMENT ON COLUMN intent.nodes.unique_id IS 'dbt unique_id; name of the job or dataset.';
COMMENT ON COLUMN intent.nodes.kind IS 'model, source, seed, snapshot, test, exposure, metric, macro, job or dataset.';
COMMENT ON COLUMN intent.nodes.name IS 'Short name.';
COMMENT ON COLUMN intent.nodes.relation IS 'Table that it makes or reads, as the engine names it.';
COMMENT ON COLUMN intent.nodes.path IS 'File in the repository.';
COMMENT ON COLUMN intent.nodes.description IS 'As documented, secrets masked.';
COMMENT ON COLUMN intent.nodes.facts IS 'JSON: what else is known of it (package, materialized, depends_on, meta, tags).';
COMMENT ON COLUMN intent.nodes.recorded_from IS 'When this version was recorded, UTC.';
COMMENT ON COLUMN intent.nodes.recorded_to IS 'When it was replaced, UTC; NULL: held now.';
