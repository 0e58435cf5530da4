-- How many refused items are open. No parameters. One row.
SELECT count(*) FROM quarantine WHERE recorded_to IS NULL
