-- Gives a decision the fingerprint of what it came with. $decision_id, $fingerprint VARCHAR.
UPDATE decisions SET fingerprint = $fingerprint WHERE decision_id = $decision_id
