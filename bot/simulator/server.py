"""A small threaded HTTP server that can cut a connection in the middle, which a polite server cannot."""

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Callable
from socketserver import TCPServer, ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

_SOCKET = "simulator.socket"


class _Handler(WSGIRequestHandler):
    timeout = 60

    def get_environ(self) -> dict[str, Any]:
        return super().get_environ() | {_SOCKET: self.connection}

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: requests hold message text."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 256

    def server_bind(self) -> None:
        # subtle: HTTPServer asks DNS for its own name here, which can take seconds
        TCPServer.server_bind(self)
        self.server_name, self.server_port = (
            str(self.server_address[0]),
            int(self.server_address[1]),
        )
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a browser that leaves is no error, and a traceback could hold text."""


class Server:
    """Serves ``app`` on ``host``. ``port`` 0 takes a free one; ``.port`` is the one in use."""

    def __init__(self, app: Callable[..., Any], host: str, port: int) -> None:
        self._server = _Server((host, port), _Handler)
        self._server.set_app(app)
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="slack-http", daemon=True
        )

    def start(self) -> None:
        """Serve from a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Serve no more; what is being answered is left to its thread."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(5)
        self._server.server_close()


def cut_connection(environ: dict[str, Any]) -> None:
    """Reset the TCP connection of this request: with SO_LINGER 0 a close sends RST instead of an orderly end."""
    connection: socket.socket = environ[_SOCKET]
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(connection.detach())
