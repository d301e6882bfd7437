//! Who is paid: an order keeps it, and what names another counts for nothing.

use serde_json::{Value, json};
use wechat_cashier_merchant::domain::{Fact, Order, RefundReport, Report, Source, Status, Strange, Sub, Terms};

use crate::traces::money::report;
use crate::world::{APPID, ID, MCHID, NATIVE, World};

const SUB: &str = "1900000311";
const SUB_APPID: &str = "wx9b5e27d40c81fa36";

/// A number of the order is taken.
fn taken(world: &mut World, sub_appid: Option<String>) {
    let terms = Terms { appid: APPID.to_owned(), sub_appid, ..Terms::default() };
    world.order.trades.push(Order::taken(ID.to_owned(), NATIVE, terms, String::new(), world.now));
}

/// An order for a sub-merchant that has an appid of its own, with a number that can be paid by.
fn shown() -> World {
    let mut world = World::new();
    world.order.facts.sub = Some(Sub { mchid: SUB.to_owned(), appid: Some(SUB_APPID.to_owned()) });
    taken(&mut world, Some(SUB_APPID.to_owned()));
    world
}

fn right(world: &World) -> Report {
    let sub = Some(Sub { mchid: SUB.to_owned(), appid: Some(SUB_APPID.to_owned()) });
    Report { sub, ..report(ID, world) }
}

fn heard(world: &World, report: Report) -> Order {
    let mut order = world.order.clone();
    order.apply(Fact::Reported { source: Source::Notification, report }, world.now);
    order
}

#[test]
fn each_id_of_a_service_providers_order_has_to_be_the_orders() {
    let world = shown();
    let paid = heard(&world, right(&world));
    assert!(matches!(paid.status(world.now), Status::Paid { .. }) && paid.oddities.is_empty(), "{paid:?}");
    let sub = |mchid: &str, appid: Option<&str>| Some(Sub { mchid: mchid.to_owned(), appid: appid.map(str::to_owned) });
    let right = right(&world);
    for (field, expected, got, other) in [
        ("sp_mchid", MCHID, "1900000999", Report { mchid: "1900000999".to_owned(), ..right.clone() }),
        ("sub_mchid", SUB, "1900000312", Report { sub: sub("1900000312", Some(SUB_APPID)), ..right.clone() }),
        ("sub_mchid", SUB, "nothing", Report { sub: None, ..right.clone() }),
        ("sp_appid", APPID, "wx2", Report { appid: "wx2".to_owned(), ..right.clone() }),
        ("sub_appid", SUB_APPID, "wx3", Report { sub: sub(SUB, Some("wx3")), ..right.clone() }),
        ("sub_appid", SUB_APPID, "nothing", Report { sub: sub(SUB, None), ..right.clone() }),
    ] {
        let order = heard(&world, other);
        assert_eq!(order.status(world.now), Status::Pending, "{field}");
        let Strange::Misfit { misfit, .. } = &order.oddities[0].what else { panic!("{order:?}") };
        assert_eq!((misfit.field.as_str(), misfit.expected.as_str(), misfit.got.as_str()), (field, expected, got));
    }
}

#[test]
fn an_order_of_a_merchants_own_is_not_paid_by_a_sub_merchants_money() {
    let mut world = World::new();
    taken(&mut world, None);
    let sub = Some(Sub { mchid: SUB.to_owned(), appid: None });
    let order = heard(&world, Report { sub, ..report(ID, &world) });
    assert_eq!(order.status(world.now), Status::Pending);
    let Strange::Misfit { misfit, .. } = &order.oddities[0].what else { panic!("{order:?}") };
    assert_eq!((misfit.field.as_str(), misfit.got.as_str()), ("sub_mchid", SUB));
}

#[test]
fn an_order_of_before_is_the_only_shops_and_the_merchants_own() {
    let world = World::new();
    let mut kept = json!(world.order);
    let facts = kept["facts"].as_object_mut().unwrap();
    assert_eq!(facts.remove("shop"), Some(json!("shop")));
    assert_eq!(facts.get("sub"), None);
    assert_eq!(serde_json::from_value::<Order>(kept).unwrap(), world.order);
    let report: Value = json!(report(ID, &world));
    assert_eq!(report.get("sub"), None);
    assert!(
        serde_json::from_value::<RefundReport>(json!({
            "mchid": null, "out_trade_no": ID, "transaction_id": "4200", "out_refund_no": "R1", "refund_id": "50",
            "status": "SUCCESS", "success_time": null, "amount": null,
        }))
        .is_ok()
    );
}
