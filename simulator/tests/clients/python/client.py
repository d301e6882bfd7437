"""wechatpayv3: it verifies every answer of 2xx and every notification."""

import json
import re
import sys
import urllib.request

from wechatpayv3 import WeChatPay, WeChatPayType

with open(sys.argv[1], encoding="utf-8") as file:
    setup = json.load(file)
base, catcher, mode = setup["base"], setup["catcher"], setup["mode"]
merchant, platform = setup["merchant"], setup["platform"]

# Its host is fixed; the library that sends is asked for another one.
import requests

HOST = "https://api.mch.weixin.qq.com"
for name in ("get", "post"):
    def redirected(url, send=getattr(requests, name), **arguments):
        return send(url.replace(HOST, base), **arguments)

    setattr(requests, name, redirected)

public_key = {"public_key": platform["public_key_pem"], "public_key_id": platform["public_key_id"]}
wxpay = WeChatPay(
    wechatpay_type=WeChatPayType.NATIVE,
    mchid=merchant["mchid"],
    private_key=re.sub(r"-----.*?-----|\s", "", merchant["private_key_pem"]),
    cert_serial_no=merchant["serial_no"],
    appid=merchant["appid"],
    apiv3_key=merchant["apiv3_key"],
    **(public_key if mode == "public_key" else {}),
)


def prepay(number):
    code, message = wxpay.pay(
        description="一杯茶 tea",
        out_trade_no=number,
        amount={"total": 2880, "currency": "CNY"},
        attach="order 1",
        notify_url=f"{catcher}/{number}",
    )
    assert code == 200 and json.loads(message)["code_url"].startswith("weixin:"), (code, message)


def query(number):
    code, message = wxpay.query(out_trade_no=number)
    assert code == 200, (code, message)
    return json.loads(message)


def check_paid(trade, number):
    assert trade["out_trade_no"] == number and trade["mchid"] == merchant["mchid"], trade
    assert trade["trade_state"] == "SUCCESS" and trade["amount"]["total"] == 2880, trade


paid = f"python-{mode}-paid"
prepay(paid)
assert query(paid)["trade_state"] == "NOTPAY"
request = urllib.request.Request(
    f"{base}/simulator/pay",
    json.dumps({"out_trade_no": paid}).encode(),
    {"Content-Type": "application/json"},
)
urllib.request.urlopen(request).close()


def notified(path):
    with urllib.request.urlopen(f"{catcher}/{path}") as answer:
        return json.load(answer)


notification = notified(paid)
callback = wxpay.callback(notification["headers"], notification["body"])
assert callback["event_type"] == "TRANSACTION.SUCCESS", callback
check_paid(callback["resource"], paid)
assert not wxpay.callback(notification["headers"], notification["body"] + " ")
check_paid(query(paid), paid)

refund_number = f"{paid}@1"
code, message = wxpay.refund(
    out_refund_no=refund_number,
    amount={"refund": 880, "total": 2880, "currency": "CNY"},
    out_trade_no=paid,
    reason="退货",
    notify_url=f"{catcher}/{paid}-refund",
)
assert code == 200 and json.loads(message)["status"] == "PROCESSING", (code, message)
notification = notified(f"{paid}-refund")
callback = wxpay.callback(notification["headers"], notification["body"])
assert callback["event_type"] == "REFUND.SUCCESS", callback
assert callback["resource"]["refund_status"] == "SUCCESS" and callback["resource"]["amount"]["refund"] == 880, callback
code, message = wxpay.query_refund(out_refund_no=refund_number)
assert code == 200 and json.loads(message)["status"] == "SUCCESS", (code, message)
assert query(paid)["trade_state"] == "REFUND"

closed = f"python-{mode}-closed"
prepay(closed)
code, message = wxpay.close(out_trade_no=closed)
assert code == 204, (code, message)
assert query(closed)["trade_state"] == "CLOSED"
