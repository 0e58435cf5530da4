-- The store's own tables, to tell a store from an empty or a foreign file. No parameters. By name.
SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT internal AND NOT temporary ORDER BY table_name
