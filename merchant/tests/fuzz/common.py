"""What the hooks of both documents have in common."""

import atexit
import json
import os
import urllib.request
from collections import Counter

import schemathesis

MERCHANT = os.environ["MERCHANT"]
SIMULATOR = os.environ["SIMULATOR"]

answers = Counter()


def call(url, body=None, key=None, more=None):
    headers = {"Content-Type": "application/json", **(more or {})}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method="GET" if body is None else "POST")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def post(path, body, key, more=None):
    return call(f"{MERCHANT}{path}", body, key, more)


def seen(path, key):
    return call(f"{MERCHANT}{path}", None, key)


def operation_of(case):
    return case.operation.definition.raw["operationId"]


def is_positive(case):
    return case.meta is not None and case.meta.generation.mode.is_positive


def tell_at_exit():
    """How far the run came: what was answered how often."""

    @atexit.register
    def tell():
        for (operation, status), times in sorted(answers.items()):
            print(f"{operation} {status}: {times}")


@schemathesis.hook
def after_call(context, case, response):
    answers[operation_of(case), response.status_code] += 1


CODES = {
    401: ["unauthorized"],
    404: ["order_not_found"],
    405: ["invalid_request"],
    409: ["order_paid", "order_closed", "order_expired"],
    422: ["invalid_request", "method_unavailable"],
    429: ["rate_limited"],
    503: ["upstream_unavailable"],
}


def refusals_are_whole(response, case):
    """docs/contract.md: nothing is stored on its way, and every refusal says why in the contract's words."""
    one = lambda name: (response.headers.get(name) or [""])[0]
    assert "no-store" in one("cache-control"), f"Cache-Control: {one('cache-control')!r}"
    if response.status_code >= 400:
        assert one("content-type") == "application/problem+json", f"{response.status_code} {one('content-type')!r}"
        if case.method != "HEAD":
            problem = response.json()
            assert problem["status"] == response.status_code, problem
            assert problem["code"] in CODES.get(response.status_code, []), problem
            assert problem["title"] and problem["detail"] and problem["type"], problem
    if response.status_code == 405:
        assert one("allow"), "405 without Allow"
