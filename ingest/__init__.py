"""Bytes to records: readers, the text boundary and extraction. Knows no store, no protocol, no terminal."""
