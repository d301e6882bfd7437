//! What the payer has copied is answered on any screen.

use super::*;

/// Where the payer can copy something, and what is laid over that screen else.
fn screens() -> Vec<(World, Tap, Option<Notice>)> {
    let mut stopped = World::scanning();
    stopped.backend.amount.value += 1;
    stopped.run(NEXT_MS);
    let mut nameless = World::new();
    nameless.options.order_id.clear();
    nameless.start();
    let mut away = World::scanning();
    away.net.order = Fault::Unreachable;
    away.run_until(20_000, |world| world.screen.notice.is_some());
    let mut refused = World::new();
    refused.net.payment = Fault::Refused(ProblemCode::MethodUnavailable, None);
    refused.start();
    refused.run(200);
    let mut offline = World::scanning();
    offline.page(PageEvent::Offline);
    let unreachable = Some(Notice::Unreachable);
    vec![
        (stopped, Tap::CopyTrouble, None),
        (nameless, Tap::CopyTrouble, None),
        (refused, Tap::CopyTrouble, None),
        (away, Tap::CopyLink, unreachable),
        (offline, Tap::CopyLink, Some(Notice::Offline)),
    ]
}

#[test]
fn copied_is_said_for_a_while() {
    for (mut world, tap, else_) in screens() {
        assert_eq!(world.screen.notice, else_);
        world.tap(tap);
        world.run(10);
        assert_eq!(world.screen.notice, Some(Notice::Copied), "{:?}", world.body());
        world.run(3_000);
        assert_eq!(world.screen.notice, else_, "{:?}", world.body());
    }
}

#[test]
fn what_cannot_be_copied_is_there_to_be_copied_by_hand() {
    for (mut world, tap, else_) in screens() {
        world.copies_nothing = true;
        world.tap(tap);
        world.run(10);
        let text = world.copied.last().cloned().unwrap();
        assert_eq!(world.screen.notice, Some(Notice::CopyByHand(text)), "{:?}", world.body());
        world.run(59_000);
        assert!(matches!(world.screen.notice, Some(Notice::CopyByHand(_))));
        world.run(2_000);
        assert_eq!(world.screen.notice, else_);
    }
}
