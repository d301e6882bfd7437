//! Addresses in answers that are not gone to, listened to or shown: the host is told which.

use super::*;

/// What the host was told of addresses.
fn told(world: &World) -> Vec<String> {
    let told = world.host.news.iter().filter_map(|news| match news {
        News::Error(error) if error.code == "address_not_allowed" => {
            assert!(!error.fatal, "nothing is taken from the payer");
            error.detail.clone()
        }
        _ => None,
    });
    told.collect()
}

#[test]
fn each_address_that_is_refused_is_told_by_name_and_once() {
    let evil = || Some("https://evil.example/x".to_owned());
    type Set = fn(&mut World, Option<String>);
    let places: [(&str, Set, Option<String>); 5] = [
        ("return_url", |world, url| world.backend.return_url = url, evil()),
        ("events_url", |world, url| world.backend.events_url = url, evil()),
        ("telemetry_url", |world, url| world.backend.telemetry_url = url, evil()),
        ("merchant.logo_url", |world, url| world.backend.logo_url = url, Some("javascript:alert(1)".to_owned())),
        (
            "icon_url of native",
            |world, url| world.backend.methods[0].icon_url = url,
            Some("blob:https://pay.example/1".to_owned()),
        ),
    ];
    for (name, set, address) in places {
        for address in [address.clone(), Some("undefined".to_owned()), Some("https://a:b@pay.example/x".to_owned())] {
            let mut world = World::new();
            set(&mut world, address.clone());
            world.start();
            world.run(20_000);
            assert_eq!(told(&world), [format!("{name}: {}", address.unwrap())]);
            world.scan();
            assert!(world.listening.is_none() && world.measured.is_empty());
            let bill = world.screen.bill.as_ref().unwrap();
            assert!(bill.logo_url.is_none() && world.screen.way.as_ref().unwrap().icon_url.is_none());
        }
    }
}

#[test]
fn what_is_allowed_is_not_told() {
    let mut world = World::new();
    world.backend.logo_url = Some("https://cdn.example/logo.png".to_owned());
    world.backend.methods[0].icon_url = Some("data:image/png;base64,AA==".to_owned());
    world.start();
    world.run(5_000);
    assert!(world.screen.bill.as_ref().unwrap().logo_url.is_some());
    assert_eq!(world.screen.return_to, None, "the code is to be scanned first");
    paid(&mut world);
    assert!(told(&world).is_empty() && world.screen.return_to.is_some());
}

/// Paid, and seen paid: the screen with the way back.
fn paid(world: &mut World) {
    world.backend.pay(true, world.now);
    assert!(world.run_until(NEXT_MS, World::is_paid));
}

/// The contract's own example has it so: the backend is elsewhere, and its events with it.
#[test]
fn the_backends_origin_may_send_events_and_measure_and_is_not_gone_to() {
    let mut world = World::new();
    world.options.api = "https://api.example/v1".to_owned();
    let at = |path: &str| Some(format!("https://api.example/{path}"));
    (world.backend.events_url, world.backend.telemetry_url) = (at("v1/events?t=1"), at("telemetry"));
    world.backend.return_url = at("thanks");
    world.start();
    world.run(3_000);
    assert_eq!(world.listening, at("v1/events?t=1"));
    assert_eq!(world.measured, ["https://api.example/telemetry"]);
    paid(&mut world);
    assert_eq!(told(&world), ["return_url: https://api.example/thanks"]);
    assert_eq!(world.screen.return_to, None);
}

/// It would lead back to the cashier, and from there again, for ever.
#[test]
fn the_way_back_is_not_the_page_itself() {
    let own = [
        "#",
        "#top",
        "?",
        ".",
        "./",
        " ? ",
        "?order=T20261121001",
        PAGE,
        "//pay.example/cashier/?order=T20261121001#x",
    ];
    for address in own {
        let mut world = World::new();
        world.backend.return_url = Some(address.to_owned());
        world.start();
        world.run(3_000);
        assert_eq!(told(&world), [format!("return_url: {address}")]);
        world.backend.pay(true, world.now);
        world.run(30_000);
        assert!(world.is_paid() && world.screen.return_to.is_none() && world.gone_to.is_empty(), "{address}");
    }
    // A route of a page that has its routes in the fragment, and the same page with something else in its query.
    for address in ["#/thanks", "#!/thanks", "?order=T20261121001&done=1", "/cashier/", ".."] {
        let mut world = World::new();
        world.backend.return_url = Some(address.to_owned());
        world.start();
        world.run(3_000);
        paid(&mut world);
        assert!(told(&world).is_empty() && world.screen.return_to.is_some(), "{address}");
    }
}
