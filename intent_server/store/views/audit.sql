CREATE OR REPLACE VIEW intent.audit AS
SELECT
    held.audit_no, held.recorded_from, held.actor, held.action, held.entity_kind, held.entity_id, held.reason,
    held.before_fingerprint, held.after_fingerprint, held.previous_hash, held.hash
FROM main.audit AS held;

COMMENT ON VIEW intent.audit IS
    'Every change of the record, chained: each row''s hash covers its columns and the hash before it.';
COMMENT ON COLUMN intent.audit.audit_no IS 'Number, from 1, without gaps.';
COMMENT ON COLUMN intent.audit.recorded_from IS 'When, UTC.';
COMMENT ON COLUMN intent.audit.actor IS 'Who.';
COMMENT ON COLUMN intent.audit.action IS 'add, append, close, change, dismiss or forget.';
COMMENT ON COLUMN intent.audit.entity_kind IS 'session, decision, review, link, source, batch or quarantine.';
COMMENT ON COLUMN intent.audit.entity_id IS 'Id of what changed.';
COMMENT ON COLUMN intent.audit.reason IS 'Why, where there is more to say.';
COMMENT ON COLUMN intent.audit.before_fingerprint IS 'Fingerprint before.';
COMMENT ON COLUMN intent.audit.after_fingerprint IS 'Fingerprint after.';
COMMENT ON COLUMN intent.audit.previous_hash IS 'Hash of the row before.';
COMMENT ON COLUMN intent.audit.hash IS 'Hash of this row.';
