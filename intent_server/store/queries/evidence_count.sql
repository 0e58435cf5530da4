-- How many evidence rows there are. No parameters. One row.
SELECT count(*) FROM evidence
