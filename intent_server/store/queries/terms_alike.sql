-- The terms that are spelled nearly as some words are: one letter more, less, other or swapped, two in long words.
-- Words of four letters and more that begin alike; the first letter is seldom mistyped, and all others would be read.
-- $words VARCHAR[]: terms as search.terms makes them.
-- Order: by word, the likest first, of those the most frequent.
SELECT words.word, terms.term, terms.term_no
FROM (SELECT unnest(CAST($words AS VARCHAR[])) AS word) AS words
JOIN terms ON terms.document_count > 0
    AND left(terms.term, 1) = left(words.word, 1)
    AND abs(length(terms.term) - length(words.word)) <= 2
WHERE length(words.word) >= 4
    AND damerau_levenshtein(terms.term, words.word) <= CASE WHEN length(words.word) < 8 THEN 1 ELSE 2 END
ORDER BY words.word, damerau_levenshtein(terms.term, words.word), terms.document_count DESC, terms.term
