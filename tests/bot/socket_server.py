"""A stand-in for Slack's Socket Mode: apps.connections.open, and a WebSocket that says what a test tells it to.

https://docs.slack.dev/apis/events-api/using-socket-mode; RFC 6455 as far as small messages need it.
"""

import base64
import contextlib
import hashlib
import json
import socket
import struct
import threading

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class SocketServer:
    """HTTP and WebSocket on one port, one thread a connection."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.api_url = f"http://127.0.0.1:{self.port}/api/"
        self.acks, self.calls, self.connections = [], [], []
        self.answers_pings = True
        self.is_away = False
        self.heard = threading.Condition()
        threading.Thread(target=self._accept, daemon=True).start()

    def send(self, message, *, connection=-1):
        """Send an envelope, or any JSON, on the newest connection."""
        _write(self.connections[connection], 1, json.dumps(message).encode())

    def drop(self):
        """Hang up on everybody."""
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def wait_for(self, predicate, timeout_s=10.0):
        with self.heard:
            assert self.heard.wait_for(predicate, timeout_s), "nothing came true in time"

    def close(self):
        self.is_away = True
        self._listener.close()
        self.drop()

    def _note(self, entries, entry):
        with self.heard:
            entries.append(entry)
            self.heard.notify_all()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(1)
            if b"upgrade: websocket" in head.lower():
                self._talk(connection, head)
            else:
                self._answer(connection, head)
        except (OSError, IndexError, struct.error):
            pass

    def _answer(self, connection, head):
        method = head.split()[1].decode().rpartition("/")[2]
        body = {"ok": True, "url": f"ws://127.0.0.1:{self.port}/link?ticket=1"}
        if self.is_away:
            body = {"ok": False, "error": "internal_error"}
        data = json.dumps(body).encode()
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nConnection: close\r\n"
            + f"Content-Length: {len(data)}\r\n\r\n".encode() + data
        )  # fmt: skip
        connection.close()
        self._note(self.calls, method)

    def _talk(self, connection, head):
        [key] = [
            line.split(b":", 1)[1].strip()
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"sec-websocket-key")
        ]
        accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self._note(self.connections, connection)
        _write(connection, 1, json.dumps({"type": "hello", "num_connections": 1}).encode())
        while True:
            opcode, data = _read(connection)
            if opcode == 9 and self.answers_pings:
                _write(connection, 10, data)
            elif opcode == 1:
                self._note(self.acks, json.loads(data))
            elif opcode == 8:
                return


def envelope(number, payload, *, kind="events_api", **more):
    return {"envelope_id": f"E{number}", "type": kind, "payload": payload} | more


def _write(connection, opcode, data):
    head = bytes([0x80 | opcode])
    head += bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data))
    connection.sendall(head + data)


def _read(connection):
    first, second = _exactly(connection, 2)
    length = second & 0x7F
    if length == 126:
        [length] = struct.unpack(">H", _exactly(connection, 2))
    mask = _exactly(connection, 4) if second & 0x80 else bytes(4)
    data = _exactly(connection, length)
    return first & 0x0F, bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))


def _exactly(connection, n):
    data = b""
    while len(data) < n:
        more = connection.recv(n - len(data))
        if not more:
            raise OSError("closed")
        data += more
    return data
