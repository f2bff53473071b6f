"""WebServer: the application behind waitress, in a thread of its own."""

import socket
import threading
import time
from typing import Any

from waitress.server import create_server  # type: ignore[import-untyped]
from waitress.wasyncore import close_all  # type: ignore[import-untyped]

#: Bodies stay in memory: beyond this waitress would write them, message text and all, to a temporary file.
MAX_BODY_BYTES = 4_000_000
N_THREADS = 16


class WebServer:
    """``start`` returns when the port is open; port 0 takes a free one."""

    def __init__(self, app: Any, host: str, port: int, *, n_threads: int = N_THREADS):
        # a socket of our own: waitress would not say which port it got for 0
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, port))
        self.host: str = host
        self.port: int = self._socket.getsockname()[1]
        self._server = create_server(
            app,
            sockets=[self._socket],
            threads=n_threads,
            ident="",
            max_request_body_size=MAX_BODY_BYTES,
            inbuf_overflow=MAX_BODY_BYTES + 1,
            channel_timeout=30,
            expose_tracebacks=False,
        )
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    @property
    def url(self) -> str:
        """Where it answers."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def is_alive(self) -> bool:
        """True while it answers."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """Close the port and end the thread. Answers that are being written get a moment."""
        if not self._thread.is_alive():
            return
        until = time.monotonic() + timeout_s / 2
        while any(channel.requests for channel in self._channels()) and time.monotonic() < until:
            time.sleep(0.01)
        # in the server's own thread: to close its sockets under its select() would be an error there
        self._server.trigger.pull_trigger(lambda: close_all(self._server._map))
        self._thread.join(timeout_s / 2)
        self._server.task_dispatcher.shutdown(timeout=0.5)

    def _channels(self) -> list[Any]:
        return list(self._server.active_channels.values())
