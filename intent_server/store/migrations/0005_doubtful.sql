-- Decisions too weak to be delivered: they wait for a person's review. What was recorded before was delivered.
ALTER TABLE decisions ADD COLUMN is_doubtful BOOLEAN;
UPDATE decisions SET is_doubtful = false;
