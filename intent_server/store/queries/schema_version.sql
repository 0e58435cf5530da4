-- The number of the newest migration that ran. No parameters. One row.
SELECT max(number) FROM migrations
