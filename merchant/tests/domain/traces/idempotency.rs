//! The rows of docs/contract.md, "Idempotency". Rows 1, 2 and 6 are answered before there is an order to ask.

use wechat_cashier::contract::{Method, ProblemCode};
use wechat_cashier_merchant::domain::{Asked, Fact, NotPlaced, Placed};

use crate::asks::{by, code};
use crate::world::{CODE, H5, JSAPI, LIFE_MS, NATIVE, World, number};

/// A page that has shown its code.
fn shown() -> World {
    let mut world = World::new();
    world.ask(&by(&NATIVE, "k1")).unwrap();
    world
}

/// Everything that can be wrong with a request.
fn all_wrong() -> crate::asks::Page {
    let mut page = by(&Method::Merchant("cash".to_owned()), "k1");
    page.ask.method_refused = Some("no such method".to_owned());
    page.ask.page_refused = Some("not ours".to_owned());
    page
}

#[test]
fn row_3_paid_is_said_whatever_is_wrong_with_the_request() {
    let mut world = shown();
    world.pay(&number(1));
    let paid = world.notifications.remove(0);
    world.notify(paid);
    for page in [by(&NATIVE, "k1"), by(&NATIVE, "k2"), all_wrong()] {
        assert_eq!(code(world.ask(&page)), ProblemCode::OrderPaid);
    }
    world.pass(2 * LIFE_MS);
    assert_eq!(code(world.ask(&all_wrong())), ProblemCode::OrderPaid);
    world.apply(Fact::Closed);
    assert_eq!(code(world.ask(&all_wrong())), ProblemCode::OrderPaid);
}

#[test]
fn row_4_closed_is_said_whatever_is_wrong_with_the_request() {
    let mut world = shown();
    world.close();
    for page in [by(&NATIVE, "k1"), by(&NATIVE, "k2"), all_wrong()] {
        assert_eq!(code(world.ask(&page)), ProblemCode::OrderClosed);
    }
    world.pass(2 * LIFE_MS);
    assert_eq!(code(world.ask(&all_wrong())), ProblemCode::OrderClosed);
}

#[test]
fn row_4_closed_is_said_while_the_trade_is_still_open() {
    let mut world = shown();
    world.lines = vec![crate::world::Line::NoRequest];
    world.close();
    assert!(world.wechat.numbers[&number(1)].is_open());
    assert_eq!(code(world.ask(&by(&NATIVE, "k1"))), ProblemCode::OrderClosed);
    assert_eq!(world.look(), None);
}

#[test]
fn row_5_expired_is_said_whatever_is_wrong_with_the_request() {
    let mut world = shown();
    world.pass(LIFE_MS - 1);
    assert!(world.ask(&by(&NATIVE, "k1")).is_ok());
    world.pass(1);
    for page in [by(&NATIVE, "k1"), by(&NATIVE, "k2"), all_wrong()] {
        assert_eq!(code(world.ask(&page)), ProblemCode::OrderExpired);
    }
    world.live(LIFE_MS);
    assert_eq!(code(world.ask(&all_wrong())), ProblemCode::OrderExpired);
}

#[test]
fn row_7_a_known_key_with_another_body_is_refused() {
    let mut world = shown();
    let good = world.given[0].clone();
    let bodies = [by(&NATIVE, "k1").page("https://shop.example/other"), by(&NATIVE, "k1").replaces(&good), all_wrong()];
    for page in bodies.into_iter().chain([by(&JSAPI, "k1"), by(&CODE, "k1")]) {
        assert_eq!(code(world.ask(&page)), ProblemCode::InvalidRequest, "{page:?}");
    }
    // Whether its payment is still good or not.
    world.ask(&by(&NATIVE, "k2").replaces(&good)).unwrap();
    assert_eq!(code(world.ask(&by(&JSAPI, "k1"))), ProblemCode::InvalidRequest);
}

#[test]
fn row_8_a_method_that_is_not_offered_is_unavailable() {
    let mut world = World::new();
    let mut page = all_wrong();
    assert_eq!(code(world.ask(&page)), ProblemCode::MethodUnavailable);
    page = by(&NATIVE, "k1");
    page.ask.page_refused = Some("not ours".to_owned());
    page.ask.method_refused = Some("it is not set up".to_owned());
    assert_eq!(code(world.ask(&page)), ProblemCode::MethodUnavailable);
    assert!(world.order.trades.is_empty());
}

#[test]
fn row_9_a_page_of_another_origin_is_refused() {
    let mut world = shown();
    let mut page = by(&NATIVE, "k2");
    page.ask.page_refused = Some("https://evil.example is not ours".to_owned());
    assert_eq!(code(world.ask(&page)), ProblemCode::InvalidRequest);
    assert_eq!(world.calls_since(0), ["place"]);
}

#[test]
fn row_10_a_known_key_gives_the_payment_that_it_gave() {
    let mut world = shown();
    let first = world.given[0].clone();
    world.pass(60_000);
    assert_eq!(world.ask(&by(&NATIVE, "k1")).unwrap(), first);
    assert_eq!(world.look(), Some(first.clone()));
    let (then, now) = (first.answer(first.made_at), world.answers(&first));
    assert_ne!(then.now, now.now);
    assert_eq!(wechat_cashier::contract::Payment { now: then.now, ..now }, then);
    // Nobody was asked for another.
    assert_eq!(world.calls_since(0), ["place"]);
}

#[test]
fn row_10_a_known_key_gives_the_payment_that_has_replaced_its_own() {
    let mut world = shown();
    let first = world.given[0].clone();
    let second = world.ask(&by(&NATIVE, "k2").replaces(&first)).unwrap();
    assert_ne!(first.payment_id, second.payment_id);
    assert_eq!(world.ask(&by(&NATIVE, "k1")).unwrap(), second);
}

#[test]
fn row_10_a_replacement_is_not_replaced_by_its_own_repetition() {
    let mut world = shown();
    let first = world.given[0].clone();
    let page = by(&NATIVE, "k2").replaces(&first);
    let second = world.ask(&page).unwrap();
    assert_eq!(world.ask(&page).unwrap(), second);
    // Not even one that names the payment that it made.
    let mut world = shown();
    let page = by(&NATIVE, "k2").replaces_id(Some(format!("{}-p2", crate::world::ID)));
    let given = world.ask(&page).unwrap();
    assert_eq!(given.payment_id, first.payment_id);
}

#[test]
fn row_11_a_known_key_whose_payment_is_good_no_more_gives_a_new_one() {
    let mut world = World::new();
    let first = world.ask(&by(&H5, "k1")).unwrap();
    world.pass(5 * 60_000 - 1);
    assert_eq!(world.ask(&by(&H5, "k1")).unwrap(), first);
    world.pass(1);
    let second = world.ask(&by(&H5, "k1")).unwrap();
    assert_ne!(first.payment_id, second.payment_id);
    assert_eq!((first.out_trade_no, second.out_trade_no.clone()), (Some(number(1)), Some(number(1))));
    assert_eq!(world.ask(&by(&H5, "k1")).unwrap(), second);
}

#[test]
fn row_12_a_payment_that_is_replaced_stops_working_and_keeps_its_number() {
    let mut world = shown();
    let first = world.given[0].clone();
    let second = world.ask(&by(&NATIVE, "k2").replaces(&first)).unwrap();
    assert_ne!(first.action, second.action);
    assert_eq!(world.wechat.numbers[&number(1)].codes, 2);
    assert_eq!(world.look(), Some(second));
    assert_eq!(world.order.trades.len(), 1);
}

#[test]
fn row_13_another_tab_shows_the_same_code() {
    let mut world = shown();
    let first = world.given[0].clone();
    for replaces in [None, Some("another".to_owned())] {
        assert_eq!(world.ask(&by(&NATIVE, "k2").replaces_id(replaces)).unwrap(), first);
    }
    // Also one whose `replaces` was replaced already.
    let second = world.ask(&by(&NATIVE, "k3").replaces(&first)).unwrap();
    assert_eq!(world.ask(&by(&NATIVE, "k4").replaces(&first)).unwrap(), second);
    assert_eq!(world.calls_since(0), ["place", "place"]);
}

#[test]
fn row_13_a_redirect_leads_back_to_its_own_page() {
    let mut world = World::new();
    let first = world.ask(&by(&H5, "k1")).unwrap();
    assert_eq!(world.ask(&by(&H5, "k2")).unwrap(), first);
    let second = world.ask(&by(&H5, "k3").page("https://shop.example/other")).unwrap();
    assert_ne!(second, first);
    assert_eq!(second.page_url, "https://shop.example/other");
    // A code to scan leads nowhere.
    let mut world = shown();
    let first = world.given[0].clone();
    assert_eq!(world.ask(&by(&NATIVE, "k3").page("https://shop.example/other")).unwrap(), first);
}

#[test]
fn row_14_another_method_takes_the_place() {
    let mut world = shown();
    let second = world.ask(&by(&H5, "k2")).unwrap();
    assert_eq!(second.out_trade_no, Some(number(2)));
    assert!(!world.wechat.numbers[&number(1)].is_open());
    assert_eq!(world.look(), Some(second));
}

/// A number that is used up elsewhere is passed over, and never asked about.
#[test]
fn a_number_that_cannot_be_used_is_passed_over() {
    let mut world = World::new();
    let page = by(&NATIVE, "k1");
    let Ok(Asked::Do(step)) = world.order.ask(&page.ask, world.now) else { panic!() };
    assert!(format!("{step:?}").starts_with("Take"));
    world.lines = vec![crate::world::Line::Dies];
    world.ask(&page).unwrap_err();
    let placed = Placed::Not(NotPlaced::NumberUsed);
    world.apply(Fact::Placed { out_trade_no: number(1), placed });
    let given = world.ask(&page).unwrap();
    assert_eq!(given.out_trade_no, Some(number(2)));
    let from = world.calls.len();
    world.settle();
    assert!(world.calls.iter().skip(from).all(|call| !format!("{call:?}").contains(&format!("{:?}", number(1)))));
}
