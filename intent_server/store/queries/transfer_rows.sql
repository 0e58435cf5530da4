-- All rows of a table, in an order that depends on their content alone. $table VARCHAR.
SELECT * FROM query_table($table) ORDER BY ALL
