//! The calls about orders, and about money that goes back.

use serde_json::{Value, json};
use wechat_cashier::contract::ProblemCode;

use super::examples;
use super::operation::{Operation, answer, idempotency_key, query};
use super::types::Types;
use crate::config::Scope;
use crate::http::admin::list::{LIMIT, OrderList, STATUSES};
use crate::http::admin::order::ShopOrder;
use crate::http::admin::orders::{InMiniProgram, NewOrder, PayerInMiniProgram};
use crate::http::admin::refunds::{ShopRefund, Wanted, WantedOfSecond};

/// Why nothing can be paid any more.
const OVER: [ProblemCode; 3] = [ProblemCode::OrderNotFound, ProblemCode::OrderPaid, ProblemCode::OrderClosed];
const NO_ORDER: [ProblemCode; 1] = [ProblemCode::OrderNotFound];

pub(super) fn operations(types: &mut Types) -> Vec<Operation> {
    let order = types.read::<ShopOrder>();
    vec![list(types), create(types, &order), read(&order), close(&order), refund(types), second(types), mini(types)]
}

fn list(types: &mut Types) -> Operation {
    let (usual, most) = LIMIT;
    let time = json!({ "type": "string", "format": "date-time" });
    Operation {
        method: "get",
        path: "/admin/v1/orders",
        id: "listOrders",
        tag: "orders",
        scope: Scope::Read,
        summary: "Many orders, the one made last first, or the one that a number belongs to.",
        description:
            "With `number` the other parameters count for nothing. `status` is what was last written down: an order \
            whose time has run out is found as `pending` until that is seen."
                .to_owned(),
        repeated: None,
        parameters: vec![
            query("number", "An order's id, an `out_trade_no` or a `transaction_id`.", &json!({ "type": "string" })),
            query("status", "Of this status alone.", &json!({ "type": "string", "enum": STATUSES })),
            query("created_from", "Made at this time or later.", &time),
            query("created_before", "Made before this time.", &time),
            query(
                "limit",
                "How many at most.",
                &json!({ "type": "integer", "minimum": 1, "maximum": most, "default": usual }),
            ),
            query(
                "after",
                "`next` of the page before.",
                &json!({ "type": "string", "pattern": "^[0-9]{1,15}\\.[0-9A-Za-z_-]{6,28}$" }),
            ),
        ],
        body: None,
        answers: vec![("200", "A page of orders.", answer(&types.read::<OrderList>(), &json!(examples::order_list())))],
        refused: &[],
        links: json!({
            "next": { "operationId": "listOrders", "parameters": { "query.after": "$response.body#/next" } },
            "first": { "operationId": "readOrder", "parameters": { "order_id": "$response.body#/orders/0/order_id" } },
        }),
    }
}

fn create(types: &mut Types, order: &Value) -> Operation {
    let made = answer(order, &json!(examples::new_order()));
    Operation {
        method: "post",
        path: "/admin/v1/orders",
        id: "createOrder",
        tag: "orders",
        scope: Scope::Orders,
        summary: "Makes an order.",
        description: "The payer's page is given `order_id` and `token`, or the payer is sent to `cashier_url`."
            .to_owned(),
        repeated: Some(
            "`order_id` is the key. Asked for again with the same body, the order that is there is answered, by 200; \
             asked for with another, it is refused by 422.",
        ),
        parameters: Vec::new(),
        body: Some((types.sent::<NewOrder>(), true, examples::new_orders())),
        answers: vec![("200", "It was there already.", made.clone()), ("201", "It was made.", made)],
        refused: &[],
        links: of_the_made_order(),
    }
}

fn read(order: &Value) -> Operation {
    Operation {
        method: "get",
        path: "/admin/v1/orders/{order_id}",
        id: "readOrder",
        tag: "orders",
        scope: Scope::Read,
        summary: "An order, and all that happened to it.",
        description: "From the backend's own records: WeChat Pay is not asked.".to_owned(),
        repeated: None,
        parameters: Vec::new(),
        body: None,
        answers: vec![("200", "The order, with its journal.", answer(order, &json!(examples::paid_order())))],
        refused: &NO_ORDER,
        links: of_the_order(),
    }
}

fn close(order: &Value) -> Operation {
    Operation {
        method: "post",
        path: "/admin/v1/orders/{order_id}/close",
        id: "closeOrder",
        tag: "orders",
        scope: Scope::Orders,
        summary: "Nobody shall pay it any more.",
        description: "It is closed at WeChat Pay too, if need be a little later: until then `status` is `pending`, and money that \
            comes all the same counts."
            .to_owned(),
        repeated: Some("An order that is closed, paid or refunded is answered as it is."),
        parameters: Vec::new(),
        body: None,
        answers: vec![("200", "The order as it now is.", answer(order, &json!(examples::new_order())))],
        refused: &NO_ORDER,
        links: of_the_order(),
    }
}

fn refund(types: &mut Types) -> Operation {
    Operation {
        method: "post",
        path: "/admin/v1/orders/{order_id}/refunds",
        id: "createRefund",
        tag: "refunds",
        scope: Scope::Refund,
        summary: "Gives money back, all that is left or a part of it.",
        description: "It is written down before WeChat Pay hears of it, and asked for again under the same number until WeChat Pay \
            has said what becomes of it. 422 if nothing can go back: the order is not paid, more is asked than is left, the payment \
            is more than a year old, or it has 50 refunds already."
            .to_owned(),
        repeated: Some(
            "The same `Idempotency-Key` with the same body is the same refund, answered as it now stands; with another body \
             it is refused by 422.",
        ),
        parameters: vec![idempotency_key()],
        body: Some((types.sent::<Wanted>(), false, examples::new_refunds())),
        answers: vec![("201", "The refund.", answer(&types.read::<ShopRefund>(), &json!(examples::refund())))],
        refused: &NO_ORDER,
        links: of_the_order(),
    }
}

fn second(types: &mut Types) -> Operation {
    Operation {
        method: "post",
        path: "/admin/v1/orders/{order_id}/refund-second-payment",
        id: "refundSecondPayment",
        tag: "refunds",
        scope: Scope::Refund,
        summary: "Gives back what came twice, all of it.",
        description: "Of an order that has `paid_twice` under `needs_attention`. 422 if it has no second payment of which anything \
            is left."
            .to_owned(),
        repeated: Some("As with `createRefund`, by its `Idempotency-Key`."),
        parameters: vec![idempotency_key()],
        body: Some((types.sent::<WantedOfSecond>(), false, examples::new_refunds_of_second())),
        answers: vec![("201", "The refund.", answer(&types.read::<ShopRefund>(), &json!(examples::refund())))],
        refused: &NO_ORDER,
        links: of_the_order(),
    }
}

fn mini(types: &mut Types) -> Operation {
    Operation {
        method: "post",
        path: "/admin/v1/orders/{order_id}/mini-program",
        id: "payInMiniProgram",
        tag: "orders",
        scope: Scope::Orders,
        summary: "What the mini-program's page pays by.",
        description: "For the mini-program's own server, which knows its payer by `wx.login`. 422 if mini-programs are not set up."
            .to_owned(),
        repeated: Some("One number can be paid at a time: as long as it can be, it is given again, signed anew."),
        parameters: Vec::new(),
        body: Some((types.sent::<PayerInMiniProgram>(), true, examples::payers_in_mini_program())),
        answers: vec![(
            "200",
            "The arguments of `wx.requestPayment`.",
            answer(&types.read::<InMiniProgram>(), &json!(examples::in_mini_program())),
        )],
        refused: &OVER,
        links: of_the_order(),
    }
}

/// From an answer about an order to its other calls.
fn of_the_order() -> Value {
    links("$request.path.order_id")
}

fn of_the_made_order() -> Value {
    links("$response.body#/order_id")
}

fn links(order_id: &str) -> Value {
    let call = |operation: &str| json!({ "operationId": operation, "parameters": { "order_id": order_id } });
    json!({
        "order": call("readOrder"), "close": call("closeOrder"), "refund": call("createRefund"),
        "second_payment": call("refundSecondPayment"),
    })
}
