-- Drops terms that no document holds any more. No parameters.
DELETE FROM terms WHERE document_count <= 0
