-- Records that a migration ran. $number BIGINT, $name VARCHAR, $fingerprint VARCHAR, $applied_at TIMESTAMP (UTC).
INSERT INTO migrations VALUES ($number, $name, $fingerprint, $applied_at)
