-- The index documents of a decision. $decision_id VARCHAR. By document_no.
SELECT document_no FROM documents WHERE decision_id = $decision_id ORDER BY document_no
