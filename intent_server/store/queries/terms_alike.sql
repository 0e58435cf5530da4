-- The terms that are spelled nearly as some words are: one letter more, less, other or swapped, two in long words.
-- Words of four letters and more that begin alike; the first letter is seldom mistyped, and all others would be read.
-- $words VARCHAR[]: terms as search.terms makes them.
-- Order: by word, the likest first, of those the most frequent.
WITH words AS (
    SELECT word, CASE WHEN length(word) < 8 THEN 1 ELSE 2 END AS most
    FROM (SELECT unnest(CAST($words AS VARCHAR[])) AS word)
    WHERE length(word) >= 4
)
SELECT words.word, terms.term, terms.term_no
FROM words
JOIN terms ON terms.document_count > 0
    AND left(terms.term, 1) = left(words.word, 1)
    AND length(terms.term) BETWEEN length(words.word) - words.most AND length(words.word) + words.most
WHERE damerau_levenshtein(terms.term, words.word) <= words.most
ORDER BY words.word, damerau_levenshtein(terms.term, words.word), terms.document_count DESC, terms.term
