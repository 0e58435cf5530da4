-- The table of migrations that ran, made before the first. No parameters.
CREATE TABLE IF NOT EXISTS migrations (
    number BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL
)
