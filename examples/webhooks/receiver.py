"""A receiver of the backend's webhooks with nothing but Python 3: it verifies each, does each once, and answers at once.

    WEBHOOK_SECRET=whsec_… PORT=3000 python3 receiver.py
"""

import base64
import hashlib
import hmac
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_S = 5 * 60
BODY_BYTES_MAX = 64 * 1024

SECRET = base64.b64decode(os.environ.get("WEBHOOK_SECRET", "").removeprefix("whsec_"))
if len(SECRET) < 24:
    raise SystemExit("WEBHOOK_SECRET: expected the secret of the backend, whsec_…")

# A shop has these in its database, and writes one in the transaction of what it does.
seen = set()
one_at_a_time = threading.Lock()


def happened(event):
    """What the shop does. Better than to believe the message: read the order from the backend, by its id."""
    print(event["type"], event["data"].get("order_id", ""), flush=True)


def is_genuine(headers, body):
    """Whether the backend has sent it, as it is, within the last minutes. `body` is the bytes as they came."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > TOLERANCE_S:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    # While the secret is changed there is one signature for each.
    signatures = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(signature.encode(), expected.encode()) for signature in signatures)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > BODY_BYTES_MAX:
            return self.answer(413)
        body = self.rfile.read(int(length))
        if not is_genuine(self.headers, body):
            return self.answer(401)
        with one_at_a_time:
            if self.headers["webhook-id"] not in seen:
                # Whatever fails here, nothing is answered, and the backend sends it again.
                happened(json.loads(body))
                seen.add(self.headers["webhook-id"])
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Receiver)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
