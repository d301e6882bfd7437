//! A counter's screen: nobody has a finger on it.

use super::*;

fn counter(code_life_ms: i64) -> World {
    let mut world = World::new();
    world.options.surface = Surface::Counter;
    world.backend.code_life_ms = Some(code_life_ms);
    world.start();
    world.run(200);
    world
}

#[test]
fn an_expired_code_is_renewed_by_itself() {
    let mut world = counter(60_000);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code1");
    world.run(60_500);
    assert_eq!(world.scan(), "weixin://wxpay/bizpayurl?pr=code2");
    assert_eq!(world.backend.minted[1].replaces(), Some("p1"));
    world.page(PageEvent::Hidden);
    world.run(5 * MINUTE_MS);
    world.scan();
    assert_eq!(world.backend.minted.len(), 7, "seen or not");
    world.run(9 * MINUTE_MS);
    assert_eq!(world.body(), &Body::Expired { renewable: false });
    let minted = world.backend.minted.len();
    world.run(60 * MINUTE_MS);
    assert_eq!(world.backend.minted.len(), minted, "not for an order that is over");
}

/// A backend whose codes are dead when they come is not asked for one after the other.
#[test]
fn codes_that_do_not_live_are_renewed_every_ten_seconds_at_most() {
    for life_ms in [-5_000, 0, 1_000] {
        let mut world = counter(life_ms);
        world.run(2 * MINUTE_MS);
        let asked: Vec<_> =
            world.sent.iter().filter(|(_, call)| matches!(call, Call::Payment { .. })).map(|(at, _)| *at).collect();
        assert!((5..=13).contains(&asked.len()), "{life_ms}: {asked:?}");
        assert!(asked.windows(2).all(|pair| pair[1].since(pair[0]) >= 10_000), "{life_ms}: {asked:?}");
    }
}

#[test]
fn a_payers_code_waits_for_the_payer() {
    for surface in [Surface::Payer, Surface::Till] {
        let mut world = World::new();
        world.options.surface = surface;
        world.backend.code_life_ms = Some(60_000);
        world.start();
        world.run(10 * MINUTE_MS);
        assert_eq!(world.body(), &Body::Expired { renewable: true });
        assert_eq!(world.backend.minted.len(), 1);
    }
}

/// A status that is not known begins nothing, nor does a code that ends meanwhile.
#[test]
fn nothing_is_renewed_for_an_order_that_is_not_known_to_be_payable() {
    let mut world = counter(60_000);
    world.backend.odd_word = true;
    world.run(5 * MINUTE_MS);
    let all = waits(&world, Instant::ZERO);
    assert!(all.iter().all(|wait| *wait >= 1_440), "and it is asked about as ever: {all:?}");
    assert_eq!((world.backend.minted.len(), world.body()), (1, &Body::Expired { renewable: true }));
    world.backend.odd_word = false;
    world.run(12_000);
    world.scan();
}
