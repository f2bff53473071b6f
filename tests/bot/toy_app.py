"""A toy app: an HTTP server that keeps what it is sent and answers what it is told to."""

import contextlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def event(self):
        return self.json["event"]

    @property
    def form(self):
        return {key: values[0] for key, values in parse_qs(self.body.decode()).items()}

    @property
    def payload(self):
        return json.loads(self.form["payload"])


@dataclass
class Reply:
    status: int = 200
    body: object = ""
    headers: dict[str, str] = field(default_factory=dict)
    after_s: float = 0.0


class ToyApp:
    """``answers``: replies to come, in order; after them ``default``, a Reply or a function of what was received."""

    def __init__(self):
        self.received: list[Received] = []
        self.answers: list[Reply] = []
        self.default = Reply()
        toy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                got = Received(self.path, headers, body)
                toy.received.append(got)
                reply = toy.answers.pop(0) if toy.answers else toy.default
                reply = reply(got) if callable(reply) else reply
                time.sleep(reply.after_s)
                data = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):  # the other side did not wait
                    self.wfile.write(data.encode())

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def events(self, kind="message"):
        return [
            got.event
            for got in self.received
            if got.path == "/slack/events" and got.event["type"] == kind
        ]
