-- The int8 codes of the documents numbered above $after BIGINT, as the model of $revision VARCHAR made them.
-- Order: as they are stored; they are put in their places by number.
SELECT document_no, code
FROM vectors
WHERE model_revision = CAST($revision AS VARCHAR) AND document_no > CAST($after AS BIGINT)
