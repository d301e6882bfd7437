//! A reload.

use super::*;

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
