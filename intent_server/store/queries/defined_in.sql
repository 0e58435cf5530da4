-- What a file defines. $repository, $path VARCHAR. By line.
SELECT symbol, line
FROM symbols
WHERE repository = $repository AND path = $path
ORDER BY line, symbol
