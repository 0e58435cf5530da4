"""DuckDB: the only room that imports duckdb; SQL lives in the .sql files beside the modules."""
