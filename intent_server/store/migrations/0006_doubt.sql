-- Why the words of an utterance are uncertain themselves: a recording that was hard to hear. NULL: nothing is known
-- against them, which is so for all that was recorded before.
ALTER TABLE utterances ADD COLUMN doubt VARCHAR;
