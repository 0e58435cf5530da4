-- A number that rises with every change of canonical rows. No parameters. One row.
SELECT coalesce(max(audit_no), 0) FROM audit
