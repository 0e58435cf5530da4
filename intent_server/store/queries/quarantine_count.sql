-- How many refused items there are. $all BOOLEAN: those that are closed too. One row.
SELECT count(*) FROM quarantine WHERE recorded_to IS NULL OR CAST($all AS BOOLEAN)
