"""A small OpenID provider on this machine, whose answers a test can spoil."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey

KEY = RSAKey.generate_key(2048, parameters={"kid": "k1"})
STRANGE_KEY = RSAKey.generate_key(2048, parameters={"kid": "k1"})


class FakeProvider:
    """Tells of itself, and gives ``claims`` for every code; keeps what it was asked."""

    def __init__(self):
        self.key, self.published, self.algorithm = KEY, [KEY], "RS256"
        self.claims: dict = {}
        self.left_out: set[str] = set()
        self.nonce = ""
        self.asked: list[dict] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path.endswith("/openid-configuration"):
                    self.answer({"issuer": provider.url, "authorization_endpoint": provider.url + "/authorize", "token_endpoint": provider.url + "/token", "jwks_uri": provider.url + "/keys"})  # fmt: skip
                else:
                    self.answer(
                        {"keys": [key.as_dict(private=False) for key in provider.published]}
                    )

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.asked.append({name: values[0] for name, values in parse_qs(body).items()})
                self.answer({"access_token": "a", "id_token": provider.token()})

            def answer(self, data):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(data).encode())

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self):
        now = int(time.time())
        claims = {"iss": self.url, "aud": "client-1", "sub": "s1", "iat": now, "exp": now + 300, "nonce": self.nonce}  # fmt: skip
        claims = {**claims, **self.claims}
        kept = {name: value for name, value in claims.items() if name not in self.left_out}
        return jwt.encode({"alg": self.algorithm, "kid": "k1"}, kept, self.key)
