//! At every step of paying the page is loaded again, comes back from the cache, or the payer taps twice; one
//! payment is asked for all the same.

use super::*;

type Place = fn() -> World;
type Disturb = fn(&mut World);

const PLACES: [Place; 5] = [
    || World::opened_in(App::Browser, Device::Desktop),
    || World::opened_in(App::WeChat, Device::Phone),
    || World::opened_in(App::MiniProgram, Device::Phone),
    || World::opened_in(App::Browser, Device::Phone),
    || World::opened_in(App::Alipay, Device::Phone),
];

const DISTURBANCES: [Disturb; 5] = [
    World::reload,
    |world| {
        world.reload();
        world.run(15);
        world.reload();
    },
    |world| {
        world.page(PageEvent::Hidden);
        world.run(40);
        world.page(PageEvent::Restored);
    },
    |world| {
        world.page(PageEvent::Hidden);
        world.page(PageEvent::Visible);
    },
    |world| {
        world.tap(Tap::Pay);
        world.tap(Tap::Pay);
    },
];

/// Does what the screen asks for until the payer has paid; as long as it is not known, taps what a payer in doubt would.
fn pay(world: &mut World) {
    for _ in 0..6 {
        world.run_until(10_000, |world| match world.body() {
            Body::Loading | Body::Confirming { .. } => false,
            Body::Pay { stage: Stage::Ready, .. } => true,
            // WeChat's sheet or page is open.
            Body::Pay { stage, .. } => *stage == Stage::Opening && !world.wechat.calls.is_empty(),
            _ => true,
        });
        match world.body() {
            Body::Paid { .. } => return,
            Body::Scan { .. } | Body::Returned => world.backend.pay(true, world.now),
            Body::Pay { .. } => {
                world.tap(Tap::Pay);
                world.run(120);
                if let Some(opened) = world.wechat.calls.last() {
                    let stamp = opened.stamp;
                    world.backend.pay(true, world.now);
                    world.event(Event::Called { stamp, said: OK.to_owned() });
                }
            }
            other => panic!("{other:?}{}", world.story()),
        }
        world.run(3_500);
    }
    panic!("not paid: {:?}{}", world.body(), world.story());
}

#[test]
fn whatever_disturbs_whichever_step_one_payment_is_asked_for() {
    for place in PLACES {
        for disturb in DISTURBANCES {
            for resumes in [true, false] {
                for at_ms in (0..260).step_by(10) {
                    let mut world = place();
                    world.backend.resumes = resumes;
                    world.start();
                    // The tap comes after 130 ms, when the button is there.
                    world.run(at_ms.min(130));
                    if at_ms > 130 {
                        world.tap(Tap::Pay);
                        world.run(at_ms - 130);
                    }
                    disturb(&mut world);
                    pay(&mut world);
                    assert_eq!(world.backend.minted.len(), 1, "at {at_ms} ms{}", world.story());
                    assert_eq!(world.host.paid(), 1);
                }
            }
        }
    }
}

/// A till keeps no code over a reload: what it had taken is found by the order, and otherwise the code is read again and
/// the backend refuses one that it had already.
#[test]
fn a_tills_code_is_taken_once_whatever_disturbs_it() {
    for disturb in DISTURBANCES {
        for at_ms in (0..120).step_by(10) {
            let mut world = World::at_till();
            world.tap(Tap::Code(GOOD_CODE.to_owned()));
            world.run(at_ms);
            disturb(&mut world);
            world.run(200);
            if let Body::TakeCode { .. } = world.body() {
                world.tap(Tap::Code(GOOD_CODE.to_owned()));
                world.run(200);
            }
            assert_eq!(world.backend.codes, [GOOD_CODE], "at {at_ms} ms");
            world.backend.pay(true, world.now);
            assert!(world.run_until(6_000, paid(false)), "at {at_ms} ms{}", world.story());
        }
    }
}
