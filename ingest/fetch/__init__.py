"""Brings bytes from a program or a network: the only room of ingestion that runs anything."""
