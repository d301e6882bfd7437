//! Troubles.

use super::*;

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
    let Failure::Unreadable { error, .. } = unreadable() else { unreachable!() };
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

/// Whatever else there is to say: the payer has asked for it just now, and wants to know.
#[test]
fn what_is_copied_is_said_whatever_has_gone_wrong() {
    let stopped = || {
        let mut world = World::new();
        world.start();
        world.run(200);
        world.backend.amount.value += 1;
        world.run(10_000);
        assert!(matches!(world.body(), Body::Trouble(trouble) if trouble.is_final()), "{:?}", world.body());
        world
    };
    let failing = || {
        let mut world = World::new();
        world.net.order = Fault::Unreachable;
        world.start();
        world.run(60_000);
        assert!(matches!(world.body(), Body::Trouble(_)), "{:?}", world.body());
        world
    };
    for mut world in [stopped(), failing()] {
        let before = world.screen.notice.clone();
        world.tap(Tap::CopyTrouble);
        world.run(10);
        assert_eq!(world.screen.notice, Some(Notice::Copied), "{:?}", world.body());
        world.run(4_000);
        assert_eq!(world.screen.notice, before, "{:?}", world.body());
        let text = "T1 and what went wrong".to_owned();
        world.event(Event::Copied(Some(text.clone())));
        assert_eq!(world.screen.notice, Some(Notice::CopyByHand(text)), "{:?}", world.body());
        world.run(60_000);
        assert_eq!(world.screen.notice, before, "taken away with nobody's doing: {:?}", world.body());
    }
}
