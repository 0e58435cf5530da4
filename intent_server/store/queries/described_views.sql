-- The views that analysts may rely on, each column with its type and comment. No parameters. By view, then in order.
SELECT views.view_name, views.comment, columns.column_name, columns.data_type, columns.comment
FROM duckdb_views() AS views
JOIN duckdb_columns() AS columns
    ON columns.schema_name = views.schema_name
    AND columns.table_name = views.view_name
    AND columns.database_name = views.database_name
WHERE views.schema_name = 'intent'
ORDER BY views.view_name, columns.column_index
