"""A model endpoint that answers from a script, so that a real client can be watched without a model or an account.

    python bench/acceptance/scripted_model.py PORT LOG.jsonl SCRIPT.json

SCRIPT: a list of {"name": tool, "input": arguments}, called one after the other; then the model says "done". Every
request of the client is appended to LOG: what stands in it is what a model would have been shown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Facts = Mapping[str, Any]


def turn(body: Facts, script: Sequence[Facts]) -> Facts:
    """The block that the model says next."""
    blocks = [
        block for said in body.get("messages", []) if isinstance(said["content"], list) for block in said["content"]
    ]
    called = sum(block.get("type") == "tool_use" for block in blocks)
    if body.get("tools") and called < len(script):
        return {"type": "tool_use", "id": f"toolu_{called:04d}", **script[called]}
    return {"type": "text", "text": "done"}


def events(body: Facts, block: Facts) -> Iterator[Facts]:
    """The block as the events of a stream."""
    is_call = block["type"] == "tool_use"
    opened = {**block, "input": {}} if is_call else {**block, "text": ""}
    delta = (
        {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        if is_call
        else {"type": "text_delta", "text": block["text"]}
    )
    yield {"type": "message_start", "message": message(body, [], None)}
    yield {"type": "content_block_start", "index": 0, "content_block": opened}
    yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    reason = {"stop_reason": "tool_use" if is_call else "end_turn", "stop_sequence": None}
    yield {"type": "message_delta", "delta": reason, "usage": {"output_tokens": 5}}
    yield {"type": "message_stop"}


def message(body: Facts, content: Sequence[Facts], stop_reason: str | None) -> Facts:
    return {
        "id": "msg_scripted",
        "type": "message",
        "role": "assistant",
        "model": body.get("model", "scripted"),
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1},
    }


def handler(log: Path, script: Sequence[Facts]) -> type[BaseHTTPRequestHandler]:
    class Model(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

        def do_GET(self) -> None:
            self._send({"data": []})

        do_HEAD = do_GET

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
            with log.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({"path": self.path, "body": body}) + "\n")
            if "count_tokens" in self.path:
                return self._send({"input_tokens": 100})
            if not self.path.startswith("/v1/messages"):
                return self._send({})
            block = turn(body, script)
            if not body.get("stream"):
                return self._send(message(body, [block], "tool_use" if block["type"] == "tool_use" else "end_turn"))
            text = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events(body, block))
            return self._write(text.encode(), "text/event-stream")

        def _send(self, facts: Facts) -> None:
            self._write(json.dumps(facts).encode(), "application/json")

        def _write(self, answer: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    return Model


if __name__ == "__main__":
    port, log, script = sys.argv[1:]
    steps = json.loads(Path(script).read_text("utf-8"))
    ThreadingHTTPServer(("127.0.0.1", int(port)), handler(Path(log), steps)).serve_forever()
