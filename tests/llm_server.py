"""A language model's server on this machine, scripted: each request takes the next reply of the script.

It speaks OpenAI's Chat Completions and Anthropic's Messages as their clients send and read them.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Decisions = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, object]

    @property
    def is_anthropic(self) -> bool:
        return self.path.endswith("/messages")

    @property
    def prompt(self) -> str:
        """The page with what is around it."""
        said = next(message for message in self.body["messages"] if message["role"] == "user")["content"]
        return said if isinstance(said, str) else "".join(part["text"] for part in said)

    @property
    def told(self) -> str:
        """All that stands before the page."""
        return json.dumps(self.body)


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int
    body: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)


Line = Callable[[Asked], Reply | None]
"""None: the connection is closed without an answer."""


@dataclass
class Server:
    """The server of one test: its address, what it was asked, what it will answer."""

    url: str
    script: list[Line] = field(default_factory=list)
    always: Line | None = None
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Server]:
    """A server that answers until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            request = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            server.asked.append(request)
            reply = (server.script.pop(0) if server.script else server.always or error(418))(request)
            if reply is None:
                self.close_connection = True
                return
            data = json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in {"content-type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        server = Server(f"http://127.0.0.1:{http.server_port}")
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield server
        http.shutdown()
        thread.join()


def good(*decisions: Mapping[str, object], tokens: tuple[int, int] = (1000, 50)) -> Line:
    """These decisions, in the form the request asks for."""
    return lambda asked: _said(asked, {"decisions": list(decisions)}, tokens)


def text(words: str, *, end: str = "stop", tokens: tuple[int, int] = (1000, 50)) -> Line:
    """Words that are no answer, or a part of one."""

    def line(asked: Asked) -> Reply:
        if asked.is_anthropic:
            return _messages([{"type": "text", "text": words}], end, tokens)
        return _completion(words, end, tokens)

    return line


def error(status: int, **headers: str) -> Line:
    """An error of the server, which may be asked again at once."""
    given = {"retry-after-ms": "5", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return lambda _: Reply(status, {"type": "error", "error": {"type": "scripted", "message": "no"}}, given)


def _said(asked: Asked, answer: Mapping[str, object], tokens: tuple[int, int]) -> Reply:
    if asked.is_anthropic:
        used = {"type": "tool_use", "id": "t1", "name": "decisions", "input": answer}
        return _messages([used], "tool_use", tokens)
    return _completion(json.dumps(answer), "stop", tokens)


def _completion(content: str, end: str, tokens: tuple[int, int]) -> Reply:
    message = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": end}
    usage = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}
    head = {"id": "c1", "object": "chat.completion", "created": 1, "model": "scripted"}
    return Reply(200, {**head, "choices": [message], "usage": usage})


def _messages(content: list[Mapping[str, object]], end: str, tokens: tuple[int, int]) -> Reply:
    head = {"id": "m1", "type": "message", "role": "assistant", "model": "scripted", "stop_sequence": None}
    usage = {"input_tokens": tokens[0], "output_tokens": tokens[1]}
    return Reply(200, {**head, "content": content, "stop_reason": end, "usage": usage})
