//! The payer's code at a till (付款码, docs/platform.md, 6).

use super::*;

const CODE: &str = GOOD_CODE;

fn code(text: &str) -> Tap {
    Tap::Code(text.to_owned())
}

fn problem(world: &World) -> Option<CodeProblem> {
    match world.body() {
        Body::TakeCode { problem } => problem.clone(),
        other => panic!("no code is wanted, but {other:?}{}", world.story()),
    }
}

/// The codes that went out, each request once.
fn codes(world: &World) -> Vec<String> {
    let asked = world.sent.iter().filter_map(|(_, call)| match call {
        Call::Payment { request, .. } => request.auth_code.clone(),
        Call::Order { .. } | Call::Close => None,
    });
    asked.collect()
}

/// A till whose code is being confirmed.
fn confirming() -> World {
    let mut world = World::at_till();
    world.tap(code(CODE));
    world.run(200);
    assert_eq!(world.body(), &Body::AwaitPayer { left_s: Some(45) });
    world
}

#[test]
fn a_code_is_sent_confirmed_and_paid() {
    let mut world = World::at_till();
    assert_eq!((world.pays_by(), problem(&world)), ("payment_code", None));
    assert!(world.payment_requests().is_empty());
    world.tap(code(CODE));
    assert_eq!(world.body(), &Body::AwaitPayer { left_s: None });
    world.run(200);
    assert_eq!(codes(&world), [CODE]);
    world.run(7_000);
    world.backend.pay(false, world.now);
    assert!(world.run_until(6_000, paid(false)));
}

#[test]
fn a_code_that_is_paid_at_once_is_shown_at_once() {
    let mut world = World::at_till();
    world.run(5_000);
    world.tap(code(CODE));
    world.run(25);
    world.backend.pay(true, world.now);
    assert!(world.run_until(1_100, paid(false)));
}

#[test]
fn a_scanners_blanks_are_taken_out_and_anything_else_is_not_sent() {
    for text in ["134567890123456789", " 1345 6789 0123 4567 89\r\n", "100000000000000000", "159999999999999999\n"] {
        let mut world = World::at_till();
        world.tap(code(text));
        assert!(matches!(world.body(), Body::AwaitPayer { .. }), "{text}");
        world.run(100);
        assert_eq!(codes(&world), [text.split_whitespace().collect::<String>()]);
    }
    for text in [
        "",
        "13456789012345678",
        "1345678901234567890",
        "161234567890123456",
        "281234567890123456",
        "13456789012345678x",
        "weixin://",
    ] {
        let mut world = World::at_till();
        world.tap(code(text));
        assert_eq!(problem(&world), Some(CodeProblem::Malformed), "{text}");
        world.run(100);
        assert!(codes(&world).is_empty());
        world.tap(code(CODE));
        world.run(100);
        assert_eq!(codes(&world), [CODE]);
    }
}

/// Field problem 55: a scanner reads twice, the network is slow, the answer is lost.
#[test]
fn a_code_is_sent_once() {
    let mut world = World::at_till();
    world.net.payment = Fault::AnswerLost;
    for _ in 0..5 {
        world.tap(code(CODE));
        world.tap(code("150000000000000000"));
        world.run(20);
    }
    world.net.payment = Fault::None;
    world.run(35_000);
    assert!(matches!(world.body(), Body::AwaitPayer { .. }));
    let asked = world.payment_requests();
    assert!(asked.len() > 1 && asked.iter().all(|one| one.0 == asked[0].0), "{asked:?}");
    assert!(codes(&world).iter().all(|one| one == CODE));
    assert_eq!(world.backend.codes, [CODE]);
    world.tap(code("150000000000000000"));
    world.run(100);
    assert_eq!(world.backend.codes, [CODE], "nor while it is confirmed");
}

/// 5 s or 10 s, each with the platform asked; 30 s or 45 s in all.
#[test]
fn the_waits_are_the_integrators() {
    for (query_ms, wait_ms) in [(5_000, 45_000), (10_000, 30_000)] {
        let mut world = World::at_till();
        (world.options.code_query_ms, world.options.code_wait_ms) = (query_ms, wait_ms);
        world.reload();
        world.run(1_200);
        world.tap(code(CODE));
        world.run(100);
        let then = world.now;
        world.run(wait_ms - 500);
        let asked: Vec<_> = world.order_requests().into_iter().filter(|(at, _)| *at > then).collect();
        assert!(asked.iter().all(|(_, verify)| *verify));
        assert!(asked.windows(2).all(|pair| pair[1].0.since(pair[0].0) == query_ms + 50), "{asked:?}");
        let in_all = u64::try_from(asked.len()).unwrap();
        assert!((wait_ms / query_ms - 1..=wait_ms / query_ms).contains(&in_all), "{asked:?}");
        assert_eq!(world.body(), &Body::AwaitPayer { left_s: Some(1) });
        world.run(600);
        assert_eq!(problem(&world), Some(CodeProblem::NotConfirmed));
    }
}

#[test]
fn a_code_that_was_not_confirmed_is_replaced_by_the_next() {
    let mut world = confirming();
    world.run(46_000);
    assert_eq!(problem(&world), Some(CodeProblem::NotConfirmed));
    world.tap(code("150000000000000000"));
    world.run(100);
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"), "the backend undoes the first");
    assert_ne!(world.backend.minted[1].key, world.backend.minted[0].key);
}

#[test]
fn a_payment_that_comes_after_the_wait_is_shown_all_the_same() {
    let mut world = confirming();
    world.run(60_000);
    assert_eq!(problem(&world), Some(CodeProblem::NotConfirmed));
    world.backend.pay(true, world.now);
    assert!(world.run_until(6_000, paid(false)));
}

/// The order names the payment, and then no longer: the payer refused, or it was undone.
#[test]
fn a_code_that_fails_asks_for_the_next_at_once() {
    let mut world = confirming();
    world.run(6_000);
    world.backend.code_fails();
    assert!(world.run_until(6_000, |world| matches!(world.body(), Body::TakeCode { .. })));
    assert_eq!(problem(&world), Some(CodeProblem::NotConfirmed));
    world.tap(code("150000000000000000"));
    world.run(100);
    assert_eq!(world.backend.minted[1].replaces(), None, "it is dead already");
    world.run(20_000);
    assert!(matches!(world.body(), Body::AwaitPayer { .. }), "the next one is not taken for the one before");
}

#[test]
fn a_backend_that_does_not_name_its_payments_is_waited_for() {
    let mut world = World::at_till();
    world.backend.resumes = false;
    world.tap(code(CODE));
    world.run(40_000);
    assert!(matches!(world.body(), Body::AwaitPayer { .. }));
}

#[test]
fn a_code_that_the_backend_refuses_asks_for_the_next() {
    let mut world = World::at_till();
    world.backend.codes.push(CODE.to_owned());
    world.tap(code(CODE));
    world.run(100);
    assert_eq!(problem(&world), Some(CodeProblem::Refused { detail: None }));
    world.tap(code("150000000000000000"));
    world.run(100);
    assert!(matches!(world.body(), Body::AwaitPayer { .. }));
    assert_eq!(world.payment_requests().len(), 2);
}

#[test]
fn a_backend_that_is_away_is_asked_again_with_the_same_code() {
    let mut world = World::at_till();
    world.net.payment = Fault::Unreachable;
    world.tap(code(CODE));
    world.run(20_000);
    assert!(matches!(world.body(), Body::Trouble(Trouble::Unreachable { .. })));
    world.net.payment = Fault::None;
    world.tap(Tap::Retry);
    world.run(100);
    assert!(matches!(world.body(), Body::AwaitPayer { .. }));
    assert!(codes(&world).iter().all(|one| one == CODE));
}

/// A payer's code pays: it is kept nowhere. What is being confirmed is found again by the order.
#[test]
fn a_reload_remembers_no_code_and_finds_the_payment() {
    let mut world = confirming();
    let memory = world.memory.clone().unwrap();
    assert!(!memory.contains(CODE) && !memory.contains("wc1-"), "{memory}");
    world.reload();
    world.run(200);
    assert!(matches!(world.body(), Body::AwaitPayer { .. }));
    assert!(world.payment_requests().is_empty());
    world.backend.pay(false, world.now);
    assert!(world.run_until(6_000, paid(false)));
}

#[test]
fn a_till_goes_on_while_nobody_looks_at_it() {
    let mut world = confirming();
    world.page(PageEvent::Hidden);
    world.run(12_000);
    world.backend.pay(false, world.now);
    assert!(world.run_until(6_000, paid(false)));
}

#[test]
fn the_payer_is_not_offered_another_way_while_the_code_is_confirmed() {
    let mut world = confirming();
    assert!(world.screen.ways.is_empty());
    world.tap(Tap::Choose(Method::Native));
    world.run(100);
    assert!(matches!(world.body(), Body::AwaitPayer { .. }));
    assert_eq!(world.payment_requests().len(), 1);
}

/// From a QR back to the code: the QR must die, though the code is still to be read.
#[test]
fn a_qr_that_was_shown_at_the_till_is_replaced_by_the_code() {
    let mut world = World::at_till();
    world.tap(Tap::Choose(Method::Native));
    world.run(100);
    world.scan();
    world.tap(Tap::Choose(Method::PaymentCode));
    assert_eq!(problem(&world), None);
    world.tap(code("1"));
    world.tap(code(CODE));
    world.run(100);
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
}

#[test]
fn trying_again_after_a_refusal_takes_the_next_code_and_still_replaces() {
    let mut world = confirming();
    world.run(46_000);
    world.net.payment = Fault::Refused(ProblemCode::MethodUnavailable, None);
    world.tap(code("150000000000000000"));
    world.run(100);
    assert!(matches!(world.body(), Body::Trouble(Trouble::Refused { .. })));
    world.net.payment = Fault::None;
    world.tap(Tap::Retry);
    assert_eq!(problem(&world), None);
    world.tap(code("150000000000000001"));
    world.run(100);
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
}

#[test]
fn an_order_that_is_over_takes_no_code() {
    let mut world = World::at_till();
    world.run(15 * MINUTE_MS);
    world.tap(code(CODE));
    world.run(100);
    assert!(codes(&world).is_empty());
    let mut world = World::at_till();
    world.net.payment = Fault::Refused(ProblemCode::OrderClosed, None);
    world.tap(code(CODE));
    world.run(100);
    assert_eq!(world.body(), &Body::Closed);
}

/// The payer has no other way: the digits are read off the phone and typed.
#[test]
fn where_nothing_else_is_offered_the_payer_types_the_digits() {
    let mut world = World::opened_in(App::Browser, Device::Phone).offering(["payment_code"]);
    world.start();
    world.run(200);
    assert_eq!(problem(&world), None);
    let mut world = World::opened_in(App::Browser, Device::Phone).offering(["payment_code", "native"]);
    world.start();
    world.run(200);
    world.scan();
    assert!(world.screen.ways.is_empty());
}

/// The next customer's code is what comes next, and the host's doing.
#[test]
fn a_till_leads_nobody_back_to_the_shop() {
    let mut world = World::at_till();
    world.tap(code(CODE));
    world.run(200);
    world.backend.pay(false, world.now);
    assert!(world.run_until(6_000, paid(false)));
    assert!(world.screen.staff);
    assert_eq!((&world.screen.return_to, world.screen.body.seconds()), (&None, None));
    world.run(60_000);
    assert!(world.left_for.is_empty() && matches!(world.body(), Body::Paid { .. }));
    assert!(!World::on_phone().screen.staff);
}
