-- Which documents hold the words of a question, by BM25 (k1 = 1.2, b = 0.75), and which of its words each one holds.
-- $term_nos BIGINT[]: the question's terms that the index holds.
-- $weights DOUBLE[]: the weight of each (its inverse document frequency, lowered for words that say little).
-- $bits BIGINT[]: a power of two for each; `matched` is the sum of those that the document holds.
-- $average_terms DOUBLE: the mean length of a document.
-- $session_id VARCHAR: only documents of this session; NULL for all.
-- $hidden BIGINT[]: documents that are not to be found.
-- $limit BIGINT: how many rows of each kind at most.
-- Order: best first, then by document.
WITH asked AS (
    SELECT
        unnest(CAST($term_nos AS BIGINT[])) AS term_no,
        unnest(CAST($weights AS DOUBLE[])) AS weight,
        unnest(CAST($bits AS BIGINT[])) AS bit
)
SELECT
    postings.document_no,
    sum(
        asked.weight * postings.term_frequency * 2.2
        / (postings.term_frequency + 1.2 * (0.25 + 0.75 * postings.term_count / CAST($average_terms AS DOUBLE)))
    ) AS score,
    bit_or(asked.bit) AS matched
FROM postings
JOIN asked ON asked.term_no = postings.term_no
JOIN documents ON documents.document_no = postings.document_no
WHERE (CAST($session_id AS VARCHAR) IS NULL OR documents.session_id = CAST($session_id AS VARCHAR))
    AND postings.document_no NOT IN (SELECT unnest(CAST($hidden AS BIGINT[])))
GROUP BY postings.document_no, documents.kind
QUALIFY row_number() OVER (PARTITION BY documents.kind ORDER BY score DESC, postings.document_no) <= CAST($limit AS BIGINT)
ORDER BY score DESC, postings.document_no;
