-- Rows of an export as columns. $rows VARCHAR: a JSON list of objects; $columns VARCHAR: a JSON list of one object,
-- column to type, in the order of the table that they go into. As given.
SELECT unnest(from_json($rows, $columns), max_depth := 2)
