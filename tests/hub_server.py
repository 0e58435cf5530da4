"""The Hugging Face Hub on this machine, with one repository: what its client asks for, it answers."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_COMMIT = "a" * 40


@dataclass
class Hub:
    """The hub of one test: its address, its files, what it was asked for, and which files it breaks off."""

    url: str
    files: Mapping[str, bytes]
    asked: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    status: int = 200

    def listing(self) -> list[Mapping[str, object]]:
        """Every file, as the hub's tree has it and as its model's facts have it."""
        return [
            {
                "type": "file",
                "path": name,
                "rfilename": name,
                "size": len(data),
                "oid": hashlib.sha1(data).hexdigest(),  # the hub's own form
            }
            for name, data in self.files.items()
        ]


@contextmanager
def hub(files: Mapping[str, bytes]) -> Iterator[Hub]:
    """A hub that answers until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

        def _answer(self, *, with_body: bool) -> None:
            path = self.path.partition("?")[0]
            name = path.rpartition("/")[2]
            headers = {"content-type": "application/json"}
            if "/tree/" in path:
                data = json.dumps(served.listing()).encode()
            elif path.startswith("/api/"):
                facts = {"id": "scripted/model", "sha": _COMMIT, "siblings": served.listing()}
                data = json.dumps(facts).encode()
            else:
                data = served.files[name]
                headers = {"etag": f'"{hashlib.sha1(data).hexdigest()}"', "x-repo-commit": _COMMIT}
                if with_body:
                    served.asked.append(name)
            self.send_response(served.status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            if with_body:
                is_broken = name in served.broken
                self.wfile.write(data[: len(data) // 2] if is_broken else data)
                self.close_connection = is_broken

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        served = Hub(f"http://127.0.0.1:{http.server_port}", files)
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield served
        http.shutdown()
        thread.join()
