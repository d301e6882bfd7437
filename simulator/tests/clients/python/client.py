"""wechatpayv3: it verifies every answer of 2xx and every notification. As a service provider, it asks for a sub-merchant."""

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
sub = merchant.get("sub")
# Whom a service provider asks for, in every call; and what its order names besides.
asked_for = {"sub_mchid": sub["mchid"]} if sub else {}
ordered_for = {**asked_for, "sub_appid": sub["appid"]} if sub else {}

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
    partner_mode=bool(sub),
    **(public_key if mode == "public_key" else {}),
)


def prepay(number):
    code, message = wxpay.pay(
        description="一杯茶 tea",
        out_trade_no=number,
        amount={"total": 2880, "currency": "CNY"},
        attach="order 1",
        settle_info={"profit_sharing": False},
        support_fapiao=True,
        notify_url=f"{catcher}/{number}",
        **ordered_for,
    )
    assert code == 200 and json.loads(message)["code_url"].startswith("weixin:"), (code, message)


def query(number):
    code, message = wxpay.query(out_trade_no=number, **asked_for)
    assert code == 200, (code, message)
    return json.loads(message)


def check_paid(trade, number):
    assert trade["out_trade_no"] == number, trade
    if sub:
        assert (trade["sp_mchid"], trade["sub_mchid"]) == (merchant["mchid"], sub["mchid"]), trade
        assert (trade["sp_appid"], trade["sub_appid"]) == (merchant["appid"], sub["appid"]), trade
        assert trade["payer"]["sp_openid"] != trade["payer"]["sub_openid"], trade
    else:
        assert trade["mchid"] == merchant["mchid"], trade
    assert trade["trade_state"] == "SUCCESS" and trade["amount"]["total"] == 2880, trade


def control(path, body):
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"{base}{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


begin = f"python-{mode}{'-sp' if sub else ''}"
paid = f"{begin}-paid"
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
    **asked_for,
)
assert code == 200 and json.loads(message)["status"] == "PROCESSING", (code, message)
notification = notified(f"{paid}-refund")
callback = wxpay.callback(notification["headers"], notification["body"])
assert callback["event_type"] == "REFUND.SUCCESS", callback
assert callback["resource"]["refund_status"] == "SUCCESS" and callback["resource"]["amount"]["refund"] == 880, callback
if sub:
    told = callback["resource"]
    assert (told["sp_mchid"], told["sub_mchid"]) == (merchant["mchid"], sub["mchid"]), told
code, message = wxpay.query_refund(out_refund_no=refund_number, **asked_for)
assert code == 200 and json.loads(message)["status"] == "SUCCESS", (code, message)
assert query(paid)["trade_state"] == "REFUND"

closed = f"{begin}-closed"
prepay(closed)
code, message = wxpay.close(out_trade_no=closed, **asked_for)
assert code == 204, (code, message)
assert query(closed)["trade_state"] == "CLOSED"

# At a till: paid by the payer's code, then taken back.
till = f"{begin}-till"
with urllib.request.urlopen(f"{base}/wechat/payment-code") as answer:
    payer = {"auth_code": json.load(answer)["code"]}
code, message = wxpay.pay(
    pay_type=WeChatPayType.CODEPAY,
    description="一杯茶 tea",
    out_trade_no=till,
    amount={"total": 2880, "currency": "CNY"},
    payer=payer,
    scene_info={"store_info": {"id": "1"}},
    **ordered_for,
)
assert code == 200, (code, message)
check_paid(json.loads(message), till)
code, message = wxpay.codepay_reverse(out_trade_no=till, **ordered_for)
assert code == 200 and json.loads(message)["out_trade_no"] == till, (code, message)
assert query(till)["trade_state"] == "REFUND"


# The bill of that day in China, as it is asked for on another.
DAY_MS = 24 * 60 * 60 * 1000
today = query(paid)["success_time"][:10]
code, message = wxpay.trade_bill(today, **asked_for)
assert code == 400 and json.loads(message)["code"] in ("INVALID_REQUEST", "STATEMENT_CREATING"), (code, message)
control("/simulator/clock", {"advance_ms": 2 * DAY_MS})
for tar_type in ("GZIP", None):
    # Unzipped it is that of all sub-merchants, where there are any.
    path = f"/v3/bill/tradebill?bill_date={today}"
    zipped = lambda: wxpay.trade_bill(today, tar_type=tar_type, **asked_for)
    code, message = zipped() if tar_type else wxpay._core.request(path)
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
    assert (row["商户号"], row["特约商户号"]) == (merchant["mchid"], sub["mchid"] if sub else "0"), row
    totals = dict(zip(lines[-3].split(","), lines[-2].lstrip("`").split(",`")))
    assert int(totals["总交易单数"]) == len(rows), totals
control("/simulator/clock", {"advance_ms": -2 * DAY_MS})
