-- The documents of one session.
-- $session_id VARCHAR.
-- Order: by document.
SELECT document_no FROM documents WHERE session_id = CAST($session_id AS VARCHAR) ORDER BY document_no;
