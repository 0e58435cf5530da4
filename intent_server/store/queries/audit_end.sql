-- The number, hash and moment of the newest audit row. No parameters. One row, or none in an empty store.
SELECT audit_no, hash, recorded_from FROM audit WHERE audit_no = (SELECT max(audit_no) FROM audit)
