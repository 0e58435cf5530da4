"""Requests to the payment provider."""

import json
import urllib.request
from dataclasses import dataclass

PROVIDER = "https://payments.lumengoods.example"


@dataclass(frozen=True)
class Answer:
    """What the provider said."""

    status: int
    body: bytes


def post(path: str, body: dict[str, object]) -> Answer:
    """Send one request."""
    request = urllib.request.Request(PROVIDER + path, json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return Answer(answer.status, answer.read())
