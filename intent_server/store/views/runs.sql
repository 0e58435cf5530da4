CREATE OR REPLACE VIEW intent.runs AS
SELECT held.run_id, held.system, held.project, held.unique_id, held.native_id, held.version_id, held.status,
    held.started_at, held.ended_at, held.nominal_start, held.nominal_end, held.message, held.row_count,
    held.recorded_from, held.recorded_to
FROM main.runs AS held;

COMMENT ON VIEW intent.runs IS 'Executions of nodes and jobs. recorded_to IS NULL is held now.';
COMMENT ON COLUMN intent.runs.run_id IS 'Id of the row.';
COMMENT ON COLUMN intent.runs.system IS 'dbt or openlineage.';
COMMENT ON COLUMN intent.runs.project IS 'dbt project, or namespace of the job.';
COMMENT ON COLUMN intent.runs.unique_id IS 'Node or job.';
COMMENT ON COLUMN intent.runs.native_id IS 'dbt''s invocation_id, OpenLineage''s runId.';
COMMENT ON COLUMN intent.runs.version_id IS 'Version of the node that ran, where it is known.';
COMMENT ON COLUMN intent.runs.status IS 'As the source says: success, error, skipped; complete, fail.';
COMMENT ON COLUMN intent.runs.started_at IS 'UTC.';
COMMENT ON COLUMN intent.runs.ended_at IS 'UTC; exclusive.';
COMMENT ON COLUMN intent.runs.nominal_start IS 'Start of the data window, UTC.';
COMMENT ON COLUMN intent.runs.nominal_end IS 'End of the data window, UTC; exclusive.';
COMMENT ON COLUMN intent.runs.message IS 'What the engine said.';
COMMENT ON COLUMN intent.runs.row_count IS 'Rows affected, where told.';
COMMENT ON COLUMN intent.runs.recorded_from IS 'When it was recorded, UTC.';
COMMENT ON COLUMN intent.runs.recorded_to IS 'When it was replaced, UTC; NULL: held now.';
