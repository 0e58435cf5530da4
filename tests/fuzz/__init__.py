"""Fuzzing of every reader and of the text and redaction boundary.

A case is the files of one source. `mutate` bends cases by their structure, `checks` says what must hold for any bytes,
`tokens` makes secrets that look real, `written` writes valid files of every format with random content. They run

- here, in seconds: `test_corpus` replays `corpus/<reader>/` (our own samples, and what was once found, minimised) and a
  few hundred mutations with a fixed seed;
- at length by `python bench/fuzz.py` (random and behaviour-guided) and `python bench/fuzz_guided.py` (guided by
  coverage; extra: fuzz), which write what they find, minimised, into a folder.

A file in the corpus is one case; a folder is one case of several files.
"""
