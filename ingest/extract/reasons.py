"""stub"""
from ingest.records import Draft
def reasons(draft: Draft) -> Draft:
    """Nothing."""
    return draft
