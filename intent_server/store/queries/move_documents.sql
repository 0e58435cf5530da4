-- Puts a decision's index documents into another session. $decision_id, $session_id VARCHAR; $first, $last BIGINT: the
-- utterances that its choice is quoted from.
UPDATE documents
SET session_id = $session_id, first_utterance = $first, last_utterance = $last
WHERE decision_id = $decision_id
