"""What schemathesis cannot know of the shop's own calls: the key, orders that are there, some of them paid, days that are over.

Three of four generated ids become those of orders that were made for what the call does, so that what stands behind the first
look-up is reached; the fourth stays as it was generated.
"""

import datetime
import itertools
import os
import threading
import urllib.error
from zlib import crc32

import schemathesis
from common import SIMULATOR, call, is_positive, operation_of, post, refusals_are_whole, seen, tell_at_exit

ADMIN_KEY = os.environ["ADMIN_KEY"]
OPENID = os.environ["OPENID"]
# So many orders are there of each kind.
ORDERS = 40
METHODS = ["native", "jsapi", "h5", "payment_code", "mini_program"]
KINDS = {"createRefund": "refund", "refundSecondPayment": "refund", "closeOrder": "close", "payInMiniProgram": "mini"}

tokens, lock = {}, threading.Lock()
# What each order was asked for with, and each refund by its key.
orders, refunds = {}, {}
# Webhooks that came into being.
webhooks = []
numbers = itertools.count()

tell_at_exit()
# From now on WeChat knows this account.
seen_account = call(f"{SIMULATOR}/wechat/payment-code?account=A")


@schemathesis.auth(refresh_interval=None)
class OfTheShop:
    def get(self, case, context):
        return ADMIN_KEY

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


def made(order_id, is_paid):
    """Makes the order if it is not there yet."""
    with lock:
        if order_id not in tokens:
            wanted = {
                "order_id": order_id,
                "amount": {"value": 100_000, "currency": "CNY"},
                "description": "乌龙茶 250 g",
                "methods": METHODS,
                "expires_in_s": 3600,
            }
            tokens[order_id] = post("/admin/v1/orders", wanted, ADMIN_KEY)["token"]
            if is_paid:
                pay(order_id, tokens[order_id])
    return order_id


def pay(order_id, token):
    """As the payer's page and the payer do."""
    wanted = {"method": "native", "page_url": "https://shop.example/pay/?order=1"}
    payment = post(f"/api/orders/{order_id}/payments", wanted, token, {"Idempotency-Key": "pay-1"})
    scanned = call(f"{SIMULATOR}/wechat/scan", {"text": payment["action"]["content"], "account": "A"})
    call(f"{SIMULATOR}/wechat/pay", {"scan_id": scanned["scan_id"], "outcome": "pay"})
    # Whether the notification has come by then or not, the backend knows after this.
    seen(f"/api/orders/{order_id}?verify=1", token)


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = operation_of(case)
    path = dict(case.path_parameters or {})
    seed = crc32(repr((path, case.query, case.headers, case.body)).encode())
    is_linked = case.meta is not None and case.meta.phase.name.value == "stateful"
    if "order_id" in path and seed % 4 and not is_linked:
        kind = KINDS.get(operation, "look")
        path["order_id"] = made(f"shop-{kind}-{seed % ORDERS}", kind == "refund")
    if "id" in path and webhooks and seed % 4:
        path["id"] = webhooks[seed % len(webhooks)]
    if is_positive(case):
        if "date" in path:
            path["date"] = str(datetime.date.today() - datetime.timedelta(days=2 + seed % 80))
        if operation == "readFunnel":
            case.query = {**(case.query or {}), **days(case.query or {}, seed)}
        if operation == "createOrder":
            case.body = orderly(case.body, seed, is_linked)
        if operation == "payInMiniProgram":
            case.body = {**case.body, "openid": OPENID}
        if operation in ("createRefund", "refundSecondPayment") and isinstance(case.body, dict):
            case.body = refundable(case.body, path["order_id"], seed)
    if path:
        case.path_parameters = path


def days(query, seed):
    """Of the days that are asked for the first before the last, and not too many."""
    ago = {"from": 40 + seed % 40, "to": seed % 40}
    return {name: str(datetime.date.today() - datetime.timedelta(days=ago[name])) for name in ago if query.get(name)}


def orderly(body, seed, is_linked):
    """Makes of an order that the schema allows one that this shop can sell; the rest of it stays as generated."""
    body = {**body, "amount": {**body["amount"], "currency": "CNY"}}
    if body.get("methods") is not None:
        body["methods"] = METHODS[: 1 + seed % len(METHODS)]
    # An id that comes again with another body is refused, which is right, and is not what is asked here. Links lead here with the
    # ids of orders that are there.
    if is_linked or body["order_id"] in tokens or orders.setdefault(body["order_id"], body) != body:
        body["order_id"] = f"shop-again-{next(numbers)}"
        orders[body["order_id"]] = body
    return body


def refundable(body, order_id, seed):
    body = {**body}
    if body.get("amount") is not None:
        body["amount"] = {"value": 1 + seed % 900, "currency": "CNY"}
    if body.get("out_trade_no") is not None:
        body["out_trade_no"] = order_id
    if body.get("reason") is not None:
        # 80 bytes at most, whatever characters they are.
        body["reason"] = body["reason"].encode()[:80].decode(errors="ignore") or "."
    return body


@schemathesis.hook
def after_call(context, case, response):
    operation = operation_of(case)
    if operation == "createOrder" and response.status_code == 201:
        order = response.json()
        # Every other one is paid: links lead on to its refunds.
        if crc32(order["order_id"].encode()) % 2 and "native" in order["order"]["methods"]:
            try:
                pay(order["order_id"], order["token"])
            except urllib.error.HTTPError as refused:
                # Some live for a second, and of some the amount is more than WeChat Pay takes.
                assert refused.code in (409, 422), refused.read()
    if operation == "listWebhooks" and response.status_code == 200:
        webhooks.extend(webhook["id"] for webhook in response.json()["webhooks"][:3])


@schemathesis.check
def ground_rules(context, response, case):
    """Nothing is stored on its way, and every refusal says why in the contract's words."""
    refusals_are_whole(response, case)


@schemathesis.check
def a_refund_is_made_once(context, response, case):
    """The same key with the same body is the same refund."""
    if operation_of(case) not in ("createRefund", "refundSecondPayment") or response.status_code != 201:
        return
    refund = response.json()
    key = (case.path_parameters["order_id"], (case.headers or {}).get("Idempotency-Key"))
    number = refund["out_refund_no"]
    assert refunds.setdefault(key, number) == number, f"{key}: {refunds[key]} and {number}"
