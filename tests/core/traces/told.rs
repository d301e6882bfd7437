//! What a developer is told of what went wrong: of which request, and what came.

use super::*;

fn errors(world: &World) -> Vec<(&'static str, Option<String>)> {
    let errors = world.host.news.iter().filter_map(|news| match news {
        News::Error(error) => Some((error.code, error.detail.clone())),
        _ => None,
    });
    errors.collect()
}

/// As a trouble that takes the screen, and as a notice over one.
#[test]
fn a_failure_tells_of_which_request_it_is() {
    for fault in [
        Fault::Unreachable,
        Fault::Refused(ProblemCode::OrderNotFound, None),
        Fault::Refused(ProblemCode::Unauthorized, None),
        Fault::Refused(ProblemCode::InvalidRequest, None),
        Fault::Refused(ProblemCode::ServerError, None),
        Fault::Refused(ProblemCode::UpstreamUnavailable, None),
    ] {
        let mut first = World::new();
        first.net.order = fault.clone();
        first.start();
        first.run(MINUTE_MS);
        assert!(matches!(first.body(), Body::Trouble(_)), "{fault:?}");
        let mut later = World::scanning();
        later.net.order = fault.clone();
        later.run(MINUTE_MS);
        later.scan();
        let mut payment = World::new();
        payment.net.payment = fault.clone();
        payment.start();
        payment.run(MINUTE_MS);
        assert!(matches!(payment.body(), Body::Trouble(_)), "{fault:?}");
        for (world, request) in [(first, OF_ORDER), (later, OF_ORDER), (payment, OF_PAYMENT)] {
            let told = errors(&world);
            assert!(!told.is_empty(), "{fault:?}");
            assert!(told.iter().all(|(_, detail)| detail.as_deref() == Some(request)), "{fault:?}: {told:?}");
        }
    }
}

/// One lost question about the order is no news; what is wrong with the payment meanwhile is, and is what is told.
#[test]
fn what_is_told_is_of_the_failure_that_is_shown() {
    let mut told = 0;
    for seed in 0..40 {
        let mut world = World::opened_in(App::WeChat, Device::Phone).offering(["jsapi"]);
        world.options.seed = seed;
        world.net.payment = Fault::Refused(ProblemCode::ServerError, None);
        world.start();
        world.run(60);
        world.net.order = Fault::Unreachable;
        world.run(5_000);
        for (code, detail) in errors(&world) {
            let request = if code == "server_error" { OF_PAYMENT } else { OF_ORDER };
            assert_eq!(detail.as_deref(), Some(request), "{code}");
            told += usize::from(code == "server_error");
        }
    }
    assert!(told > 10, "{told}");
}

#[test]
fn what_is_offered_in_vain_is_told() {
    let mut world = World::opened_in(App::WeChat, Device::Phone).offering(["h5"]);
    world.start();
    world.run(200);
    assert_eq!(errors(&world), [("no_method", Some("methods: none of [h5] works here".to_owned()))]);
}

#[test]
fn both_amounts_are_told() {
    let mut world = World::scanning();
    world.backend.amount.value = 2_000;
    world.run(NEXT_MS);
    let detail = "amount: shown 1999 CNY, came 2000 CNY".to_owned();
    assert_eq!(errors(&world), [("amount_changed", Some(detail))]);
}

/// An optional field of a payment is passed over like one of an order, and told.
#[test]
fn what_cannot_be_read_of_a_payment_and_does_not_matter_is_told() {
    let mut world = World::new();
    world.start();
    world.run(60);
    let asked = world.under_way().find(|request| matches!(request.call, Call::Payment { .. })).unwrap();
    let (stamp, Call::Payment { key, request }) = (asked.stamp, asked.call.clone()) else { unreachable!() };
    let mut payment = world.backend.answer_payment(&key, &request, &Fault::None, world.now).unwrap();
    let error = DecodeError { path: "expires_at".to_owned(), reason: "expected a time, got 7".to_owned() };
    (payment.expires_at, payment.unreadable) = (None, vec![error]);
    world.answers(Event::Payment { stamp, result: Ok(payment) });
    world.scan();
    assert_eq!(errors(&world), [("unreadable_answer", Some("expires_at: expected a time, got 7".to_owned()))]);
}

/// A refusal that is laid over the screen says which request it is of, and so does one for another reason after it.
#[test]
fn another_failure_is_told_too() {
    let mut world = World::scanning();
    world.net.order = Fault::Refused(ProblemCode::OrderNotFound, None);
    world.run(20_000);
    world.net.order = Fault::Refused(ProblemCode::Unauthorized, None);
    world.run(MINUTE_MS);
    let told: Vec<_> = errors(&world).into_iter().map(|(code, _)| code).collect();
    assert_eq!(told, ["order_not_found", "unauthorized"]);
}
