"""wechatpayv3: it verifies every answer of 2xx and every notification."""

import gzip
import hashlib
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


def control(path, body):
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"{base}{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


paid = f"python-{mode}-paid"
prepay(paid)
assert query(paid)["trade_state"] == "NOTPAY"
control("/simulator/pay", {"out_trade_no": paid})


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


# The bill of that day in China, as it is asked for on another.
DAY_MS = 24 * 60 * 60 * 1000
today = query(paid)["success_time"][:10]
code, message = wxpay.trade_bill(today)
assert code == 400 and json.loads(message)["code"] in ("INVALID_REQUEST", "STATEMENT_CREATING"), (code, message)
control("/simulator/clock", {"advance_ms": 2 * DAY_MS})
for tar_type in ("GZIP", None):
    path = f"/v3/bill/tradebill?bill_date={today}"
    code, message = wxpay.trade_bill(today, tar_type=tar_type) if tar_type else wxpay._core.request(path)
    assert code == 200, (code, message)
    told = json.loads(message)
    # Its own host is cut off, which the simulator's is not.
    code, file = wxpay.download_bill(told["download_url"].replace(base, HOST))
    assert code == 200, (code, file)
    file = gzip.decompress(file) if tar_type else file
    assert told["hash_type"] == "SHA1" and hashlib.sha1(file).hexdigest() == told["hash_value"], told
    lines = file.decode("utf-8-sig").split("\r\n")
    names, rows = lines[0].split(","), [line.lstrip("`").split(",`") for line in lines[1:-3]]
    assert len(names) == 27 and all(len(row) == 27 for row in rows), lines
    row = next(dict(zip(names, row)) for row in rows if paid in row)
    assert (row["交易状态"], row["订单金额"], row["商品名称"]) == ("SUCCESS", "28.80", "一杯茶 tea"), row
    totals = dict(zip(lines[-3].split(","), lines[-2].lstrip("`").split(",`")))
    assert int(totals["总交易单数"]) == len(rows), totals
control("/simulator/clock", {"advance_ms": -2 * DAY_MS})
