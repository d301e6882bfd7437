"""What schemathesis cannot know of the merchant's backend: orders, their tokens, and what the shop sells by.

The orders are made as the shop makes them (`POST /admin/v1/orders`), each when it is first asked for. Three of four generated
ids become one of theirs, so that what stands behind the first look-up is reached; the fourth stays as it was generated.
"""

import json
import os
import threading
import urllib.request
from zlib import crc32

import schemathesis
from common import MERCHANT, SIMULATOR, call, is_positive, operation_of, refusals_are_whole, tell_at_exit

ADMIN_KEY = os.environ["ADMIN_KEY"]
PAGE_URL = "https://shop.example/pay/?order="

# So many orders are there of each kind. Those that are closed or paid stay so: each kind is one that an operation needs.
ORDERS = 300
METHODS = ["native", "jsapi", "h5", "payment_code"]
# What stands for the token until it is known which order is asked for.
OF_THE_ORDER = "of-the-order"


tokens, lock = {}, threading.Lock()
# What each key of each order came with.
keys = {}

tell_at_exit()


def token_of(order_id):
    """Makes the order if it is not there yet."""
    with lock:
        if order_id not in tokens:
            wanted = {
                "order_id": order_id,
                "amount": {"value": 1 + crc32(order_id.encode()) % 100_000, "currency": "CNY"},
                "description": "乌龙茶 250 g",
                "methods": METHODS,
                "expires_in_s": 3600,
            }
            tokens[order_id] = call(f"{MERCHANT}/admin/v1/orders", wanted, ADMIN_KEY)["token"]
        return tokens[order_id]


def is_ours(order_id):
    return isinstance(order_id, str) and order_id.startswith("fuzz-")


@schemathesis.hook
def before_load_schema(context, raw_schema):
    # The contract leaves it to the backend whether there are tokens. This one wants them, for events too, where a browser
    # sends a ticket in the address instead.
    wanted = [{"token": []}]
    raw_schema["security"] = wanted
    events = raw_schema["paths"]["/orders/{order_id}/events"]["get"]
    events["security"] = wanted
    # Open API 3.1 has no words for what one event is; schemathesis takes the schema for that of each.
    order = {"type": "string", "contentMediaType": "application/json", "contentSchema": {"$ref": "#/components/schemas/Order"}}
    each = {"type": "object", "required": ["data"], "properties": {"data": order}}
    events["responses"]["200"]["content"]["text/event-stream"]["schema"] = each
    # At any address, by the contract; this backend's is below the others, and it says what it cannot read.
    telemetry = raw_schema["paths"]["/telemetry"]
    del telemetry["servers"]
    telemetry["post"]["responses"]["422"] = {"$ref": "#/components/responses/422"}


@schemathesis.auth(refresh_interval=None)
class OfTheOrder:
    def get(self, case, context):
        return OF_THE_ORDER

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context, case, kwargs):
    # What is generated may share its parts with other cases: they are made anew, not changed.
    order_id = (case.path_parameters or {}).get("order_id")
    seed = crc32(repr((order_id, case.query, case.headers, case.body)).encode())
    # An order that schemathesis has seen and picks again may be over; links are followed with the order that they lead to.
    is_free = not is_ours(order_id) or case.meta is not None and case.meta.phase.name.value != "stateful"
    if is_free and seed % 4:
        kind = {"createPayment": "pay", "closeOrder": "close"}.get(operation_of(case), "look")
        order_id = f"fuzz-{kind}-{seed % ORDERS}"
        case.path_parameters = {**case.path_parameters, "order_id": order_id}
    headers = dict(case.headers or {})
    if headers.get("Authorization") == f"Bearer {OF_THE_ORDER}":
        token = token_of(order_id) if is_ours(order_id) else OF_THE_ORDER
        case.headers = headers = {**headers, "Authorization": f"Bearer {token}"}
    if is_positive(case) and operation_of(case) == "createPayment":
        case.body = offered(case.body)
        # A key that comes again with another body is refused, which is right, and is not what is asked here.
        key = (order_id, headers.get("Idempotency-Key"))
        if keys.setdefault(key, case.body) != case.body:
            case.headers = {**headers, "Idempotency-Key": f"again-{seed}"}


def offered(body):
    """Makes of a request that the schema allows one that this shop can serve; the rest of it stays as generated."""
    seed = crc32(json.dumps(body, sort_keys=True).encode())
    method = body["method"] if body["method"] in METHODS else METHODS[seed % len(METHODS)]
    page_url = body["page_url"] if body["page_url"].startswith(PAGE_URL) else f"{PAGE_URL}{seed}"
    body = {**body, "method": method, "page_url": page_url}
    if method == "payment_code":
        with urllib.request.urlopen(f"{SIMULATOR}/wechat/payment-code?account=A", timeout=20) as answer:
            body["auth_code"] = json.load(answer)["code"]
    return body


@schemathesis.hook
def after_call(context, case, response):
    operation = operation_of(case)
    if operation != "createPayment" or response.status_code != 201:
        return
    # Every third order's payer pays: the rest of the run sees it paid.
    action = response.json()["action"]
    if action["type"] == "show_qr" and crc32(case.path_parameters["order_id"].encode()) % 3 == 0:
        scanned = call(f"{SIMULATOR}/wechat/scan", {"text": action["content"], "account": "A"})
        call(f"{SIMULATOR}/wechat/pay", {"scan_id": scanned["scan_id"], "outcome": "pay"})


@schemathesis.check
def ground_rules(context, response, case):
    refusals_are_whole(response, case)
