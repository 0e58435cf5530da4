-- Where these names are defined. $names VARCHAR: a JSON list. By repository, path, line.
SELECT repository, symbol, path, line
FROM symbols
WHERE symbol IN (SELECT unnest(from_json($names, '["VARCHAR"]')))
ORDER BY repository, path, line
