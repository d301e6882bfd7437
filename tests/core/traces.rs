//! What the core does, one behaviour each.

use wechat_cashier::contract::{Currency, Failure, Method, Money, OrderStatus, ProblemCode, RetryAfter, Timestamp};
use wechat_cashier::core::{Body, Instant, Notice, PageEvent, StreamEvent, Surface, Tap, Trouble};

use super::backend::{Fault, unreadable};
use super::world::{GRACE_MS, World, after};

const MINUTE_MS: u64 = 60_000;

fn paid(late: bool) -> impl Fn(&World) -> bool {
    move |world| matches!(world.body(), Body::Paid { late: shown, .. } if *shown == late)
}

fn confirms(world: &World) -> bool {
    matches!(world.body(), Body::Confirming { .. })
}

/// The waits between requests for the order sent from `from` on.
fn waits(world: &World, from: Instant) -> Vec<u64> {
    let sent: Vec<_> = world.told.asked_at.iter().copied().filter(|at| *at >= from).collect();
    sent.windows(2).map(|pair| pair[1].since(pair[0])).collect()
}

fn requests_since(world: &World, from: Instant) -> Vec<bool> {
    world.order_requests().into_iter().filter(|(at, _)| *at > from).map(|(_, verify)| verify).collect()
}

/// With SSE offered and its connection standing.
fn listening() -> World {
    let mut world = World::new();
    world.backend.events_url = Some("/api/orders/T20261121001/events".to_owned());
    world.start();
    world.run(100);
    assert_eq!(world.listening.as_deref(), Some("https://pay.example/api/orders/T20261121001/events"));
    world.stream(StreamEvent::Opened);
    world.run(3_000);
    world
}

// ── The main job ─────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_code_is_shown_paid_announced_and_the_payer_led_back() {
    let mut world = World::new();
    world.start();
    assert_eq!(world.body(), &Body::Loading);
    world.run(100);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code1");
    let bill = world.screen.bill.clone().unwrap();
    assert_eq!((bill.amount.value, bill.merchant.as_str()), (1999, "Tea House"));
    world.run(20_000);
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
    assert_eq!(world.memory, None, "nothing is left to resume");
    let asked = world.sent.len();
    world.run(4_800);
    assert!(world.gone_to.is_empty());
    world.run(300);
    assert_eq!(world.gone_to, ["https://shop.example/orders/T20261121001"]);
    world.run(10 * MINUTE_MS);
    assert_eq!((world.sent.len(), world.gone_to.len(), world.told.announced), (asked, 1, 1));
}

#[test]
fn a_payment_in_the_first_answer_is_drawn_without_asking_for_one() {
    let mut world = World::new();
    world.other_page_asks_for_a_new_code();
    world.start();
    world.run(60);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code1");
    assert!(world.payment_requests().is_empty());
}

#[test]
fn a_dead_payment_in_the_first_answer_is_replaced_at_once() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(-1);
    world.other_page_asks_for_a_new_code();
    world.backend.code_life_ms = None;
    world.start();
    world.run(200);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    assert_eq!(world.backend.minted[1].replaces.as_deref(), Some("p1"));
}

#[test]
fn an_order_already_paid_is_shown_so_and_no_payment_asked_for() {
    let mut world = World::new();
    world.backend.pay(true, world.now);
    world.start();
    world.run(100);
    assert!(paid(false)(&world));
    assert!(world.payment_requests().is_empty());
}

#[test]
fn a_page_without_an_order_asks_nothing() {
    let mut world = World::new();
    world.options.order_id = String::new();
    world.start();
    world.page(PageEvent::Visible);
    world.tap(Tap::Retry);
    world.run(MINUTE_MS);
    assert_eq!(world.body(), &Body::Trouble(Trouble::MissingOrder));
    assert!(world.sent.is_empty());
}

#[test]
fn an_order_without_native_says_so_until_it_offers_it() {
    let mut world = World::new();
    world.backend.methods = vec![Method::Jsapi];
    world.start();
    world.run(100);
    assert_eq!(world.body(), &Body::Trouble(Trouble::NoMethod));
    world.backend.methods = vec![Method::Jsapi, Method::Native];
    world.tap(Tap::Retry);
    world.run(2_000);
    world.scan();
}

// ── New codes ────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn an_expired_code_is_covered_renewed_and_paid() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(60_000);
    world.start();
    world.run(100);
    let first = world.scan();
    world.run(60_000);
    assert_eq!(world.body(), &Body::Expired { renewable: true });
    world.tap(Tap::Again);
    world.run(100);
    assert_ne!(world.scan(), first);
    assert_eq!(world.backend.minted[1].replaces.as_deref(), Some("p1"));
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
}

#[test]
fn the_countdown_shows_every_second_and_none_twice() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(60_000);
    world.start();
    let mut shown = Vec::new();
    for _ in 0..62_000 {
        world.run(1);
        if let Body::Scan { left_s: Some(left_s), .. } = world.body() {
            shown.push(*left_s);
        }
    }
    shown.dedup();
    assert_eq!(shown, (1..=60).rev().collect::<Vec<_>>());
}

#[test]
fn a_code_ends_with_its_order() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(2 * 3_600_000);
    world.start();
    world.run(100);
    assert!(matches!(world.body(), Body::Scan { left_s: Some(899), .. }), "{:?}", world.body());
}

#[test]
fn a_double_tap_on_new_code_asks_once() {
    let mut world = World::scanning();
    world.tap(Tap::Again);
    world.tap(Tap::Again);
    world.run(20);
    world.tap(Tap::Again);
    world.run(10_000);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    assert_eq!(world.payment_requests().len(), 2);
}

#[test]
fn a_lost_answer_is_asked_for_again_with_the_same_key() {
    let mut world = World::new();
    world.net.payment = Fault::AnswerLost;
    world.start();
    world.run(20_000);
    world.net.payment = Fault::None;
    world.run(30_000);
    world.scan();
    let keys: Vec<_> = world.payment_requests().into_iter().map(|(key, _)| key).collect();
    assert!(keys.len() > 1 && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert_eq!(world.backend.minted.len(), 1);
}

#[test]
fn retry_of_a_refused_new_code_still_says_what_it_replaces() {
    let mut world = World::scanning();
    world.net.payment = Fault::Refused(ProblemCode::MethodUnavailable, None);
    world.backend.resumes = false;
    world.tap(Tap::Again);
    world.run(100);
    assert!(matches!(world.body(), Body::Trouble(Trouble::Refused { code: ProblemCode::MethodUnavailable, .. })));
    world.net.payment = Fault::None;
    world.tap(Tap::Retry);
    world.run(100);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    assert_eq!(world.backend.minted[1].replaces.as_deref(), Some("p1"), "the code that was on the screen must die");
}

#[test]
fn a_code_that_another_page_replaced_is_replaced_here() {
    let mut world = World::scanning();
    world.other_page_asks_for_a_new_code();
    world.run(3_000);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    assert_eq!(world.payment_requests().len(), 1);
}

#[test]
fn an_older_answer_does_not_bring_the_old_code_back() {
    let mut world = World::scanning();
    // The answer of a request sent before the new code is on its way until after it.
    world.net.down_ms = 2_000;
    let before = world.sent.len();
    assert!(world.run_until(3_000, |world| world.sent.len() > before));
    world.run(100);
    world.net.down_ms = 30;
    world.tap(Tap::Again);
    world.run(100);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    world.run_until(3_000, |world| world.order_requests().len() > before + 1);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
}

#[test]
fn an_answer_that_crossed_the_new_code_does_not_bring_the_old_one_back() {
    let mut world = World::scanning();
    // Asked while the new code is being asked for, answered by the backend before it makes one.
    world.net.up_ms = 1_000;
    world.tap(Tap::Again);
    (world.net.up_ms, world.net.down_ms) = (0, 3_000);
    world.page(PageEvent::Online);
    world.run(1_500);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    world.run(3_000);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
}

// ── "I have paid" ────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_lost_callback_is_found_by_i_have_paid() {
    let mut world = World::scanning();
    world.run(10_000);
    world.backend.pay(false, world.now);
    let told = world.now;
    world.tap(Tap::HavePaid);
    assert_eq!(world.body(), &Body::Confirming { can_go_back: true });
    assert!(world.run_until(2_000, paid(false)));
    assert_eq!(requests_since(&world, told).last(), Some(&true), "the platform was asked");
}

#[test]
fn a_lost_callback_is_found_within_half_a_minute_by_waiting() {
    let mut world = World::scanning();
    world.backend.pay(false, world.now);
    assert!(world.run_until(40_000, paid(false)));
    let verified: Vec<_> = world.order_requests().into_iter().map(|(_, verify)| verify).collect();
    assert_eq!(verified.iter().filter(|verify| **verify).count(), 1);
    assert_eq!(verified.len(), 15, "fourteen answers from the backend's own knowledge, then one from the platform's");
}

#[test]
fn i_have_paid_without_payment_says_not_received_and_goes_back_to_the_code() {
    let mut world = World::scanning();
    world.run(5_000);
    world.tap(Tap::HavePaid);
    world.run(9_900);
    assert!(confirms(&world), "callbacks take seconds to arrive");
    assert_eq!(world.screen.notice, None);
    world.run(200);
    world.scan();
    assert_eq!(world.screen.notice, Some(Notice::NotReceived));
    world.run(21_000);
    world.scan();
    assert_eq!(world.screen.notice, None);
}

#[test]
fn i_have_paid_waits_for_an_answer_that_was_asked_for_after_it() {
    let mut world = World::scanning();
    world.net.order = Fault::Unreachable;
    world.run(5_000);
    world.tap(Tap::HavePaid);
    world.run(2 * MINUTE_MS);
    assert!(confirms(&world), "nobody has denied it");
    world.tap(Tap::Back);
    world.scan();
}

#[test]
fn i_have_paid_is_not_denied_by_an_answer_that_was_asked_for_before_it() {
    let mut world = World::scanning();
    world.run(5_000);
    world.net.down_ms = 3_000;
    world.tap(Tap::HavePaid);
    world.run(1_500);
    assert!(world.under_way().count() == 1 && world.order_requests().last().unwrap().1);
    world.tap(Tap::HavePaid);
    world.net.order = Fault::Unreachable;
    world.run(MINUTE_MS);
    assert!(confirms(&world));
}

#[test]
fn i_have_paid_is_taken_back_by_show_code() {
    let mut world = World::scanning();
    world.tap(Tap::HavePaid);
    world.run(500);
    world.tap(Tap::Back);
    world.scan();
    world.run(30_000);
    assert_eq!(world.screen.notice, None);
}

#[test]
fn a_hundred_taps_are_no_hundred_requests() {
    let mut world = World::scanning();
    let start = world.now;
    for _ in 0..100 {
        world.tap(Tap::HavePaid);
        world.run(100);
    }
    assert!(requests_since(&world, start).len() <= 10);
}

// ── Late, closed, refunded ───────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_payment_after_expiry_is_found_within_the_grace_time_and_is_late() {
    let mut world = World::scanning();
    world.run(15 * MINUTE_MS);
    assert_eq!(world.body(), &Body::Expired { renewable: false });
    world.run(4 * MINUTE_MS);
    world.backend.pay(true, world.now);
    assert!(world.run_until(12_000, paid(true)));
    assert_eq!(world.told.announced, 1);
}

#[test]
fn a_payment_before_expiry_that_is_learned_after_is_not_late() {
    let mut world = World::scanning();
    world.run(14 * MINUTE_MS + 58_000);
    world.backend.pay(false, world.now);
    assert!(world.run_until(5_000, |world| !matches!(world.body(), Body::Scan { .. })));
    assert!(world.run_until(5_000, paid(false)), "the end itself has the platform asked");
}

#[test]
fn after_the_grace_time_it_rests_until_i_have_paid() {
    let mut world = World::scanning();
    world.run(15 * MINUTE_MS + GRACE_MS + 1_000);
    assert!(world.state.is_resting(world.now));
    let rested = world.now;
    world.run(60 * MINUTE_MS);
    assert_eq!(requests_since(&world, rested).len(), 0);
    assert_eq!(world.wake, None);
    world.backend.pay(false, world.now);
    world.tap(Tap::HavePaid);
    assert!(world.run_until(2_000, paid(true)));
}

#[test]
fn after_the_grace_time_coming_back_asks_once() {
    let mut world = World::scanning();
    world.run(15 * MINUTE_MS + GRACE_MS + 1_000);
    let rested = world.now;
    world.page(PageEvent::Hidden);
    world.run(MINUTE_MS);
    world.page(PageEvent::Visible);
    world.run(10 * MINUTE_MS);
    assert_eq!(requests_since(&world, rested), [true]);
    assert!(world.state.is_resting(world.now));
}

#[test]
fn it_does_not_say_confirming_while_it_rests() {
    let mut world = World::scanning();
    world.run(15 * MINUTE_MS + 1_000);
    world.net.order = Fault::Unreachable;
    world.tap(Tap::HavePaid);
    world.run(GRACE_MS + 60_000);
    assert!(world.state.is_resting(world.now));
    assert_eq!(world.body(), &Body::Expired { renewable: false });
    assert_eq!(world.offered().first(), Some(&Tap::HavePaid));
}

#[test]
fn an_order_refused_as_paid_is_confirming_until_it_rests() {
    let mut world = World::new();
    world.net.payment = Fault::Refused(ProblemCode::OrderPaid, None);
    world.start();
    world.run(200);
    assert_eq!(world.body(), &Body::Confirming { can_go_back: false });
    let told = world.now;
    world.run(10_000);
    assert!(requests_since(&world, told).iter().all(|verify| *verify), "each one has the platform asked");
    world.run(15 * MINUTE_MS + GRACE_MS);
    assert!(world.state.is_resting(world.now));
    assert_eq!(world.body(), &Body::Expired { renewable: false });
}

#[test]
fn a_closed_order_that_is_paid_late_is_shown_paid_late() {
    let mut world = World::scanning();
    world.backend.close();
    assert!(world.run_until(3_000, |world| world.body() == &Body::Closed));
    world.run(MINUTE_MS);
    world.backend.tells_paid_at = false;
    world.backend.pay(true, world.now);
    assert!(world.run_until(6_000, paid(true)));
}

#[test]
fn a_refused_payment_tells_how_the_order_ended() {
    for (code, want) in [
        (ProblemCode::OrderClosed, Body::Closed),
        (ProblemCode::OrderExpired, Body::Expired { renewable: false }),
        (ProblemCode::OrderPaid, Body::Confirming { can_go_back: false }),
    ] {
        let mut world = World::new();
        world.net.payment = Fault::Refused(code, None);
        world.start();
        world.run(100);
        assert_eq!(world.body(), &want);
        let told = world.now;
        world.backend.pay(false, world.now);
        assert!(world.run_until(2_000, |world| world.is_paid()), "{code:?}");
        assert_eq!(requests_since(&world, told), [true]);
    }
}

#[test]
fn a_refund_is_the_end() {
    let mut world = World::scanning();
    world.backend.status = OrderStatus::Refunded;
    assert!(world.run_until(3_000, |world| world.body() == &Body::Refunded));
    let ended = world.sent.len();
    world.tap(Tap::HavePaid);
    world.page(PageEvent::Restored);
    world.run(MINUTE_MS);
    assert_eq!((world.sent.len(), world.told.announced), (ended, 0));
}

#[test]
fn an_order_whose_time_is_extended_goes_on() {
    let mut world = World::scanning();
    world.run(15 * MINUTE_MS + 10_000);
    assert_eq!(world.body(), &Body::Expired { renewable: false });
    world.backend.expires_at = after(world.backend.expires_at, 10 * 60_000);
    world.run(3_000);
    world.scan();
    let then = world.now;
    world.run(9 * MINUTE_MS);
    assert!(!world.state.is_resting(world.now));
    assert!(requests_since(&world, then).len() > 50);
}

// ── Reload ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_reload_before_the_code_came_asks_with_the_same_key() {
    let mut world = World::new();
    world.backend.resumes = false;
    world.net.payment = Fault::AnswerLost;
    world.start();
    world.run(200);
    let before = world.payment_requests();
    world.net.payment = Fault::None;
    world.reload();
    world.run(200);
    assert_eq!(world.payment_requests(), before);
    assert_eq!((world.scan().as_str(), world.backend.minted.len()), ("weixin://wxpay/bizpayurl?pr=code1", 1));
}

#[test]
fn a_reload_shows_the_same_payment() {
    for resumes in [true, false] {
        let mut world = World::scanning();
        world.tap(Tap::Again);
        world.run(100);
        let code = world.scan();
        world.backend.resumes = resumes;
        world.reload();
        world.run(200);
        assert_eq!(world.scan(), code);
        assert_eq!(world.backend.minted.len(), 2);
    }
}

#[test]
fn a_remembered_payment_that_died_is_replaced_with_a_new_key() {
    for resumes in [true, false] {
        let mut world = World::new();
        world.backend.resumes = resumes;
        world.backend.code_life_ms = Some(60_000);
        world.start();
        world.run(61_000);
        assert_eq!(world.body(), &Body::Expired { renewable: true });
        world.reload();
        world.run(200);
        assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
        assert_eq!(world.backend.minted[1].replaces.as_deref(), Some("p1"));
    }
}

#[test]
fn a_stored_answer_with_an_old_stamp_does_not_turn_the_clock_back() {
    let mut world = World::new();
    world.backend.resumes = false;
    world.backend.replays_stored_answers = true;
    world.backend.code_life_ms = Some(60_000);
    world.start();
    world.run(61_000);
    world.reload();
    // Checks all the way that no dead code is drawn.
    world.run(200);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
}

#[test]
fn a_remembered_key_that_the_backend_forgot_is_dropped_once() {
    let mut world = World::new();
    world.memory = Some("wc2\n\nnative\nwc1-170-1".to_owned());
    world.net.payment = Fault::Refused(ProblemCode::InvalidRequest, None);
    world.start();
    world.run(5_000);
    assert_eq!(world.payment_requests().len(), 2);
    assert!(matches!(world.body(), Body::Trouble(Trouble::Refused { code: ProblemCode::InvalidRequest, .. })));
}

#[test]
fn a_foreign_memory_is_not_used() {
    let mut world = World::new();
    world.memory = Some("<script>".to_owned());
    world.start();
    world.run(200);
    assert!(world.payment_requests()[0].0.starts_with("wc1-"));
}

// ── In and out of view, on and off line ──────────────────────────────────────────────────────────────────────────────

#[test]
fn a_hidden_page_asks_nothing_and_once_it_is_seen_again() {
    let mut world = World::scanning();
    world.run(5_000);
    world.page(PageEvent::Hidden);
    world.run(100);
    let hidden = world.now;
    world.run(10 * MINUTE_MS);
    assert_eq!(requests_since(&world, hidden).len(), 0);
    world.backend.pay(false, world.now);
    world.page(PageEvent::Visible);
    world.run(200);
    assert_eq!(requests_since(&world, hidden), [true]);
    assert!(paid(false)(&world));
}

#[test]
fn a_page_loaded_out_of_sight_is_ready_when_it_is_seen() {
    for told_first in [true, false] {
        let mut world = World::new();
        if told_first {
            world.page(PageEvent::Hidden);
            world.start();
        } else {
            world.start();
            world.page(PageEvent::Hidden);
        }
        world.run(10 * MINUTE_MS);
        assert_eq!(world.order_requests().len(), 1);
        assert_eq!(world.payment_requests().len(), 1);
        world.page(PageEvent::Visible);
        world.scan();
    }
}

#[test]
fn a_page_loaded_out_of_sight_in_vain_waits_until_it_is_seen() {
    let mut world = World::new();
    world.net.order = Fault::Unreachable;
    world.start();
    world.page(PageEvent::Hidden);
    world.run(10 * MINUTE_MS);
    assert_eq!(world.order_requests().len(), 1);
    world.net.order = Fault::None;
    world.page(PageEvent::Visible);
    world.run(200);
    world.scan();
}

#[test]
fn a_hidden_code_is_covered_when_it_expires() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(60_000);
    world.start();
    world.run(100);
    world.page(PageEvent::Hidden);
    world.run(60_000);
    assert_eq!(world.body(), &Body::Expired { renewable: true });
}

#[test]
fn a_page_that_slept_through_its_code_does_not_show_it() {
    let mut world = World::new();
    world.backend.code_life_ms = Some(60_000);
    world.start();
    world.run(100);
    world.page(PageEvent::Hidden);
    world.frozen = true;
    world.run(20 * MINUTE_MS);
    world.page(PageEvent::Visible);
    assert_eq!(world.body(), &Body::Expired { renewable: false });
}

#[test]
fn restored_from_the_back_forward_cache_it_cancels_and_asks_again() {
    let mut world = World::scanning();
    world.net.down_ms = 9_000;
    let before = world.sent.len();
    world.run_until(3_000, |world| world.sent.len() > before);
    world.run(1_500);
    world.page(PageEvent::Hidden);
    world.net.down_ms = 30;
    world.page(PageEvent::Restored);
    assert!(world.wire.iter().any(|request| request.cancelled));
    assert_eq!(world.under_way().count(), 1);
    world.backend.pay(true, world.now);
    assert!(world.run_until(200, paid(false)));
    // The old answer comes after all.
    world.run(10_000);
    assert_eq!(world.told.announced, 1);
}

#[test]
fn restored_again_and_again_before_the_first_answer_it_keeps_its_distance() {
    let mut world = World::new();
    world.net.down_ms = 5_000;
    world.start();
    for _ in 0..10 {
        world.run(100);
        world.page(PageEvent::Restored);
    }
    assert!(world.order_requests().len() <= 2);
    world.run(7_000);
    assert!(world.screen.bill.is_some());
}

#[test]
fn restored_it_listens_anew() {
    let mut world = listening();
    world.options.surface = Surface::Payer;
    // The page was cached without being told that it is hidden.
    world.listening = None;
    world.page(PageEvent::Restored);
    assert!(world.listening.is_some(), "the connection did not outlive the cache");
}

#[test]
fn a_request_that_went_out_long_before_the_page_came_back_is_taken_for_dead() {
    let mut world = World::scanning();
    world.net.down_ms = 9_000;
    let before = world.sent.len();
    world.run_until(3_000, |world| world.sent.len() > before);
    world.page(PageEvent::Hidden);
    world.run(2_000);
    world.page(PageEvent::Visible);
    assert_eq!(world.wire.iter().filter(|request| request.cancelled).count(), 0, "it may well be answered");
    world.page(PageEvent::Hidden);
    world.run(2_000);
    world.net.down_ms = 30;
    world.page(PageEvent::Visible);
    assert_eq!(world.wire.iter().filter(|request| request.cancelled).count(), 1);
    assert_eq!(world.under_way().count(), 1);
}

#[test]
fn offline_is_said_over_the_code_and_online_asks_at_once() {
    let mut world = World::scanning();
    world.net.order = Fault::Unreachable;
    world.page(PageEvent::Offline);
    world.run(MINUTE_MS);
    world.scan();
    assert_eq!(world.screen.notice, Some(Notice::Offline));
    world.net.order = Fault::None;
    world.backend.pay(false, world.now);
    world.page(PageEvent::Online);
    assert!(world.run_until(1_100, paid(false)));
    assert!(world.order_requests().last().unwrap().1);
}

#[test]
fn a_counter_asks_while_hidden_and_a_payer_does_not() {
    let mut world = World::new();
    world.options.surface = Surface::Counter;
    world.start();
    world.run(100);
    world.page(PageEvent::Hidden);
    world.run(20_000);
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
}

// ── The plan ─────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_plan_is_two_five_and_ten_seconds_with_a_fifth_of_jitter() {
    let mut world = World::new();
    (world.net.up_ms, world.net.down_ms) = (0, 0);
    let start = world.now;
    world.start();
    world.run(10 * MINUTE_MS);
    let sent: Vec<_> = world.told.asked_at.iter().map(|at| at.since(start)).collect();
    let mut counts = [0, 0, 0];
    for pair in sent.windows(2) {
        // The last wait of a stretch was planned in it.
        let (phase, plan) = match pair[0] {
            0..60_000 => (0, 2_000),
            60_000..300_000 => (1, 5_000),
            _ => (2, 10_000),
        };
        counts[phase] += 1;
        let wait = pair[1] - pair[0];
        assert!((plan * 4 / 5..=plan * 6 / 5).contains(&wait), "{wait} ms at {}", pair[0]);
    }
    assert!(
        (28..=33).contains(&counts[0]) && (45..=52).contains(&counts[1]) && (28..=32).contains(&counts[2]),
        "{counts:?}"
    );
    let all = waits(&world, start);
    let near = |plan: u64, wait: u64| wait.abs_diff(plan) <= plan / 20;
    assert!(all.iter().any(|wait| near(1_700, *wait)) && all.iter().any(|wait| near(2_300, *wait)), "it jitters");
}

#[test]
fn two_pages_do_not_ask_in_step() {
    let plan = |seed| {
        let mut world = World::new();
        world.options.seed = seed;
        world.start();
        world.run(MINUTE_MS);
        world.told.asked_at
    };
    assert_eq!(plan(1), plan(1));
    assert_ne!(plan(1), plan(2));
}

#[test]
fn a_tap_or_coming_back_quickens_the_plan() {
    let mut world = World::scanning();
    world.run(10 * MINUTE_MS);
    world.tap(Tap::HavePaid);
    let tapped = world.now;
    world.run(30_000);
    assert!(waits(&world, tapped).iter().all(|wait| *wait <= 2_450));
    world.run(10 * MINUTE_MS);
    world.page(PageEvent::Hidden);
    world.run(100);
    world.page(PageEvent::Visible);
    let seen = world.now;
    world.run(30_000);
    assert!(waits(&world, seen).iter().all(|wait| *wait <= 2_450));
}

#[test]
fn while_asking_it_never_gives_up() {
    let mut world = World::new();
    world.backend.expires_at = after(world.backend.expires_at, 3 * 3_600_000);
    world.start();
    world.run(3 * 60 * MINUTE_MS);
    let asked = world.order_requests();
    assert!(asked.windows(2).all(|pair| pair[1].0.since(pair[0].0) <= 12_100));
    let verified: Vec<_> = asked.iter().enumerate().filter(|(_, (_, verify))| *verify).map(|(at, _)| at).collect();
    assert!(verified.windows(2).all(|pair| pair[1] - pair[0] == 15), "every fifteenth has the platform asked");
}

#[test]
fn errors_back_off_to_half_a_minute_and_keep_the_code() {
    let mut world = World::scanning();
    let failing = world.now;
    world.net.order = Fault::Refused(ProblemCode::ServerError, None);
    world.run(13 * MINUTE_MS);
    world.scan();
    assert_eq!(world.screen.notice, Some(Notice::Refused(ProblemCode::ServerError)));
    let all = waits(&world, failing);
    assert!(all.iter().all(|wait| *wait <= 30_100), "{all:?}");
    assert!(all.iter().max() > Some(&20_000) && all.len() < 110, "it does back off: {all:?}");
    world.net.order = Fault::None;
    world.run(31_000);
    assert_eq!(world.screen.notice, None);
}

#[test]
fn one_lost_request_is_no_news() {
    let mut world = World::scanning();
    world.net.order = Fault::Unreachable;
    let before = world.sent.len();
    world.run_until(3_000, |world| world.sent.len() > before);
    world.net.order = Fault::None;
    world.run(100);
    assert_eq!(world.screen.notice, None);
    world.run(3_000);
    assert_eq!(world.screen.notice, None);
}

#[test]
fn retry_after_is_obeyed_even_by_taps() {
    let mut world = World::scanning();
    world.net.order = Fault::Refused(ProblemCode::RateLimited, Some(RetryAfter::Millis(120_000)));
    let before = world.sent.len();
    world.run_until(3_000, |world| world.sent.len() > before);
    world.run(100);
    world.net.order = Fault::None;
    let told = world.now;
    world.backend.pay(false, world.now);
    for _ in 0..110 {
        world.run(1_000);
        world.tap(Tap::HavePaid);
        world.tap(Tap::Retry);
        world.page(PageEvent::Visible);
        world.page(PageEvent::Online);
    }
    assert_eq!(requests_since(&world, told).len(), 0);
    assert!(world.run_until(11_000, paid(false)));
}

#[test]
fn retry_after_is_obeyed_by_new_codes_too() {
    let mut world = World::new();
    world.net.payment = Fault::Refused(ProblemCode::RateLimited, Some(RetryAfter::Millis(60_000)));
    world.start();
    world.run(100);
    world.net.payment = Fault::None;
    for _ in 0..50 {
        world.run(1_000);
        world.tap(Tap::Retry);
        world.page(PageEvent::Visible);
    }
    assert_eq!(world.payment_requests().len(), 1);
    world.run(11_000);
    world.scan();
    assert_eq!(world.payment_requests().len(), 2);
}

#[test]
fn retry_after_as_a_date_is_in_the_servers_time() {
    let mut world = World::scanning();
    // Slow answers leave the page in doubt about the server's clock; it may be late, never early.
    world.net.down_ms = 2_000;
    world.reload();
    world.run(3_000);
    let until = after(world.backend.clock(world.now), 30_000);
    world.net.order = Fault::Refused(ProblemCode::RateLimited, Some(RetryAfter::At(until)));
    let before = world.order_requests().len();
    world.run_until(5_000, |world| world.order_requests().len() > before);
    world.run(2_100);
    world.net.order = Fault::None;
    world.run_until(60_000, |world| world.order_requests().len() > before + 1);
    let asked = world.backend.clock(world.order_requests().last().unwrap().0);
    assert!(asked >= until && asked <= after(until, 3_000), "{asked:?} {until:?}");
}

// ── Answers that must not be believed ────────────────────────────────────────────────────────────────────────────────

#[test]
fn another_amount_stops_it_for_good() {
    for (value, currency) in [(2_000, "CNY"), (1_999, "JPY")] {
        let mut world = World::scanning();
        let shown = world.backend.amount;
        world.backend.amount = Money { value, currency: Currency::new(currency).unwrap() };
        let came = world.backend.amount;
        assert!(world.run_until(3_000, |world| matches!(world.body(), Body::Trouble(_))));
        assert_eq!(world.body(), &Body::Trouble(Trouble::AmountChanged { shown, came }));
        assert_eq!(world.screen.bill.as_ref().unwrap().amount, shown);
        let stopped = world.sent.len();
        world.backend.amount = shown;
        world.backend.pay(true, world.now);
        world.tap(Tap::Retry);
        world.tap(Tap::Again);
        world.page(PageEvent::Restored);
        world.run(MINUTE_MS);
        assert_eq!((world.sent.len(), world.told.announced), (stopped, 0));
    }
}

#[test]
fn a_paid_answer_about_another_order_is_no_news() {
    let mut world = World::scanning();
    world.net.order = Fault::OtherOrder;
    world.run(20_000);
    world.scan();
    assert!(matches!(&world.screen.notice, Some(Notice::Unreadable(error)) if error.path == "order_id"));
    let mut world = World::new();
    world.net.order = Fault::OtherOrder;
    world.start();
    world.run(20_000);
    assert!(matches!(world.body(), Body::Trouble(Trouble::Unreadable(_))));
    assert!(world.payment_requests().is_empty());
}

#[test]
fn an_unknown_status_keeps_the_code_and_keeps_asking() {
    let mut world = World::scanning();
    world.backend.odd_word = true;
    let odd = world.now;
    world.run(30_000);
    world.scan();
    assert!(requests_since(&world, odd).len() >= 12);
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
}

#[test]
fn a_code_that_is_not_wechats_is_never_drawn() {
    for content in
        ["https://evil.example/", "weixin:", "WEIXIN://wxpay/x", "", &format!("weixin://{}", "x".repeat(600))]
    {
        let mut world = World::new();
        world.backend.content = Some(content.to_owned());
        world.start();
        world.run(10_000);
        assert_eq!(world.body(), &Body::Trouble(Trouble::NotAllowed { address: content.to_owned() }));
        // A backend that is mended is believed again.
        world.backend.content = None;
        world.backend.minted.clear();
        world.tap(Tap::Retry);
        world.run(100);
        world.scan();
    }
}

#[test]
fn a_way_back_off_the_allow_list_is_not_offered_and_paid_is_shown() {
    for address in
        ["https://evil.example/", "javascript:alert(1)", "blob:https://pay.example/1", "http://shop.example/"]
    {
        let mut world = World::new();
        world.backend.return_url = Some(address.to_owned());
        world.start();
        world.run(100);
        world.backend.pay(true, world.now);
        assert!(world.run_until(3_000, |world| world.body() == &Body::Paid { late: false, leave_in_s: None }));
        world.run(MINUTE_MS);
        assert_eq!((world.screen.return_to.clone(), world.gone_to.len()), (None, 0), "{address}");
    }
}

#[test]
fn events_off_the_allow_list_are_not_listened_to() {
    let mut world = World::new();
    world.backend.events_url = Some("https://evil.example/events".to_owned());
    world.start();
    world.run(MINUTE_MS);
    assert_eq!(world.listening, None);
    world.scan();
}

#[test]
fn a_stale_answer_is_dropped() {
    let mut world = World::scanning();
    world.run(5_000);
    let before = world.answered.clone();
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
    for event in before {
        world.event(event);
        assert!(world.is_paid());
    }
}

// ── Troubles ─────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn refusals_of_the_first_load_are_told_and_asked_again() {
    for (fault, told_at_once) in [
        (Fault::Refused(ProblemCode::OrderNotFound, None), true),
        (Fault::Refused(ProblemCode::Unauthorized, None), true),
        (Fault::Refused(ProblemCode::InvalidRequest, None), true),
        (Fault::Unreadable, true),
        (Fault::Refused(ProblemCode::UpstreamUnavailable, None), true),
        (Fault::Refused(ProblemCode::ServerError, None), false),
        (Fault::Unreachable, false),
        (Fault::AnswerLost, false),
    ] {
        let mut world = World::new();
        world.net.order = fault.clone();
        world.start();
        world.run(60);
        assert_eq!(matches!(world.body(), Body::Trouble(_)), told_at_once, "{fault:?}");
        assert!(told_at_once || world.screen.notice.is_some(), "{fault:?}");
        world.run(60_000);
        assert!(matches!(world.body(), Body::Trouble(_)), "{fault:?}");
        assert_eq!(world.offered(), [Tap::Retry], "{fault:?}");
        world.net.order = Fault::None;
        world.run(31_000);
        world.scan();
    }
}

#[test]
fn refusals_later_are_laid_over_the_code() {
    for (fault, want) in [
        (Fault::Refused(ProblemCode::OrderNotFound, None), Notice::Refused(ProblemCode::OrderNotFound)),
        (Fault::Refused(ProblemCode::Unauthorized, None), Notice::Refused(ProblemCode::Unauthorized)),
        (Fault::Refused(ProblemCode::InvalidRequest, None), Notice::Refused(ProblemCode::InvalidRequest)),
        (Fault::Refused(ProblemCode::UpstreamUnavailable, None), Notice::Refused(ProblemCode::UpstreamUnavailable)),
        (Fault::Unreachable, Notice::Unreachable),
        (Fault::AnswerLost, Notice::Unreachable),
    ] {
        let mut world = World::scanning();
        world.net.order = fault.clone();
        world.run(20_000);
        world.scan();
        assert_eq!(world.screen.notice, Some(want), "{fault:?}");
        world.net.order = Fault::None;
        world.backend.pay(true, world.now);
        assert!(world.run_until(31_000, paid(false)));
    }
    let mut world = World::scanning();
    world.net.order = Fault::Unreadable;
    world.run(20_000);
    let Failure::Unreadable(error) = unreadable() else { unreachable!() };
    assert_eq!(world.screen.notice, Some(Notice::Unreadable(error)));
}

#[test]
fn refusals_of_the_payment_wait_for_a_tap_and_passing_ones_do_not() {
    for code in [
        ProblemCode::OrderNotFound,
        ProblemCode::MethodUnavailable,
        ProblemCode::InvalidRequest,
        ProblemCode::Unauthorized,
    ] {
        let mut world = World::new();
        world.net.payment = Fault::Refused(code, None);
        world.start();
        world.run(2 * MINUTE_MS);
        assert!(matches!(world.body(), Body::Trouble(Trouble::Refused { code: shown, .. }) if *shown == code));
        assert_eq!(world.payment_requests().len(), 1);
        world.net.payment = Fault::None;
        world.tap(Tap::Retry);
        world.run(100);
        world.scan();
    }
    for fault in [
        Fault::Refused(ProblemCode::UpstreamUnavailable, None),
        Fault::Refused(ProblemCode::ServerError, None),
        Fault::Refused(ProblemCode::RateLimited, None),
        Fault::Unreachable,
        Fault::Unreadable,
    ] {
        let mut world = World::new();
        world.net.payment = fault.clone();
        world.start();
        world.run(40_000);
        assert!(matches!(world.body(), Body::Trouble(_)), "{fault:?}");
        let keys = world.payment_requests();
        assert!(keys.len() >= 3 && keys.iter().all(|key| *key == keys[0]), "{fault:?}");
        world.net.payment = Fault::None;
        world.run(31_000);
        world.scan();
    }
}

// ── Going back to the shop ───────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_way_back_waits_until_somebody_looks_and_counts_down() {
    let mut world = World::scanning();
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
    world.run(2_500);
    assert_eq!(world.body(), &Body::Paid { late: false, leave_in_s: Some(3) });
    world.page(PageEvent::Hidden);
    world.run(10 * MINUTE_MS);
    assert!(world.gone_to.is_empty());
    world.page(PageEvent::Visible);
    assert_eq!(world.body(), &Body::Paid { late: false, leave_in_s: Some(5) });
    world.run(5_000);
    assert_eq!(world.gone_to.len(), 1);
}

#[test]
fn stay_cancels_the_way_back() {
    let mut world = World::scanning();
    world.backend.pay(true, world.now);
    assert!(world.run_until(3_000, paid(false)));
    world.run(4_900);
    world.tap(Tap::Stay);
    assert_eq!(world.body(), &Body::Paid { late: false, leave_in_s: None });
    world.page(PageEvent::Hidden);
    world.page(PageEvent::Visible);
    world.run(10 * MINUTE_MS);
    assert!(world.gone_to.is_empty());
    assert!(world.screen.return_to.is_some(), "the payer can still go by himself");
}

#[test]
fn it_stays_where_the_integrator_wants_it_to() {
    let mut world = World::new();
    world.options.return_after_ms = None;
    world.start();
    world.run(100);
    world.backend.pay(true, world.now);
    world.run(10 * MINUTE_MS);
    assert!(world.gone_to.is_empty());
}

// ── Events from the server ───────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn events_lead_and_asking_is_a_heartbeat() {
    let mut world = listening();
    let since = world.now;
    world.run(5 * MINUTE_MS);
    let all = waits(&world, since);
    assert!(all.iter().all(|wait| (24_000..=36_100).contains(wait)), "{all:?}");
    world.backend.pay(true, world.now);
    world.stream_tells_truth();
    assert!(world.is_paid());
    assert_eq!(world.listening, None);
}

#[test]
fn events_that_come_after_the_end_are_dropped() {
    let mut world = listening();
    world.backend.pay(true, world.now);
    world.stream_tells_truth();
    world.stream_tells_truth();
    world.backend.refund();
    world.stream_tells_truth();
    assert!(world.is_paid());
    assert_eq!(world.told.announced, 1);
}

#[test]
fn while_events_lead_a_payment_is_tried_again_in_its_own_time() {
    let mut world = World::new();
    world.backend.events_url = Some("/events".to_owned());
    world.net.payment = Fault::Refused(ProblemCode::ServerError, None);
    world.start();
    world.run(100);
    world.stream(StreamEvent::Opened);
    world.run(4_000);
    world.net.payment = Fault::None;
    assert!(world.run_until(17_000, |world| matches!(world.body(), Body::Scan { .. })));
}

#[test]
fn a_lost_event_stream_falls_back_to_asking_and_is_tried_again() {
    let mut world = listening();
    world.run(40_000);
    let lost = world.now;
    world.stream(StreamEvent::Lost);
    assert_eq!(world.listening, None);
    world.run(10_000);
    assert!(requests_since(&world, lost).len() >= 2 || world.order_requests().last().unwrap().0 == lost);
    world.run(5_100);
    assert!(world.listening.is_some());
}

#[test]
fn events_that_cannot_be_read_or_are_about_another_order_are_asked_about() {
    for other in [false, true] {
        let mut world = listening();
        world.run(5_000);
        let then = world.now;
        let mut order = world.backend.order(world.now);
        (order.order_id, order.status) = ("T2".to_owned(), OrderStatus::Paid);
        world.stream(StreamEvent::Order(if other { Ok(Box::new(order)) } else { Err(unreadable()) }));
        assert_eq!(world.order_requests().last(), Some(&(then, true)));
        world.scan();
    }
}

#[test]
fn events_are_not_listened_to_while_hidden_or_resting() {
    let mut world = listening();
    world.page(PageEvent::Hidden);
    assert_eq!(world.listening, None);
    world.page(PageEvent::Visible);
    assert!(world.listening.is_some());
    world.run(15 * MINUTE_MS + GRACE_MS + 60_000);
    assert_eq!(world.listening, None);
}

#[test]
fn an_event_about_a_newer_code_is_asked_about() {
    let mut world = listening();
    world.run(5_000);
    world.other_page_asks_for_a_new_code();
    world.stream_tells_truth();
    world.run(100);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
}

// ── Clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_pages_clock_may_be_hours_wrong() {
    for hours in [-30, -8, 8, 30] {
        let mut world = World::new();
        world.now = Instant::from_millis(1_000_000_000);
        world.backend.epoch_ms = 1_795_255_200_000 + hours * 3_600_000;
        world.backend.expires_at = after(world.backend.clock(world.now), 60_000);
        world.start();
        world.run(100);
        assert!(matches!(world.body(), Body::Scan { left_s: Some(60), .. }), "{:?}", world.body());
        world.run(58_000);
        assert!(matches!(world.body(), Body::Scan { left_s: Some(2), .. }), "{:?}", world.body());
        world.run(2_000);
        assert_eq!(world.body(), &Body::Expired { renewable: false });
    }
}

#[test]
fn slow_answers_do_not_keep_a_dead_code_on_the_screen() {
    for (up_ms, down_ms) in [(0, 9_000), (9_000, 0), (4_500, 4_500)] {
        let mut world = World::new();
        world.backend.code_life_ms = Some(60_000);
        (world.net.up_ms, world.net.down_ms) = (up_ms, down_ms);
        world.start();
        // Every step checks the drawn code by the server's own clock.
        world.run(3 * MINUTE_MS);
        assert_eq!(world.body(), &Body::Expired { renewable: true });
    }
}

#[test]
fn one_quick_answer_makes_the_countdown_right() {
    let mut world = World::new();
    world.net.up_ms = 8_000;
    world.start();
    world.run(18_000);
    world.scan();
    world.net.up_ms = 20;
    world.run(60_000);
    let Body::Scan { left_s: Some(left_s), .. } = world.body() else { panic!("{:?}", world.body()) };
    let truly = (world.backend.expires_at.millis() - world.backend.clock(world.now).millis()) / 1000;
    assert!(left_s.abs_diff(u64::try_from(truly).unwrap()) <= 1);
}

#[test]
fn a_server_clock_that_is_set_is_followed() {
    let mut world = World::scanning();
    world.run(5_000);
    world.backend.epoch_ms -= 3_600_000;
    world.backend.expires_at = Timestamp::from_millis(world.backend.expires_at.millis() - 3_600_000);
    world.frozen = false;
    let before = world.sent.len();
    // Until the next answer the page cannot know; the hour's difference is on the safe side.
    world.run_until(5_000, |world| world.sent.len() > before);
    world.run(100);
    world.scan();
}
