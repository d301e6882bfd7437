//! Logging in by OAuth, where the backend does not know the payer's openid (docs/platform.md, 5).

use super::*;

/// In WeChat, where the backend does not know the payer.
fn unknown_payer() -> World {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    world.backend.knows_payer = false;
    world.start();
    world.run(200);
    world
}

fn page_urls(world: &World) -> Vec<String> {
    let asked = world.sent.iter().filter_map(|(_, call)| match call {
        Call::Payment { request, .. } => Some(request.page_url.clone()),
        Call::Order { .. } | Call::Close => None,
    });
    asked.collect()
}

fn logins(world: &World) -> usize {
    world.left_for.iter().filter(|(_, passage)| *passage == Passage::Login).count()
}

#[test]
fn a_payer_who_is_not_known_logs_in_and_pays() {
    let mut world = unknown_payer();
    let (url, passage) = world.left_for[0].clone();
    assert_eq!((url, passage), (format!("{LOGIN}?appid=wx1&state=s1#wechat_redirect"), Passage::Login));
    assert_eq!(world.body(), &Body::Pay { stage: Stage::Opening, cancelled: false });
    world.logs_in();
    world.run(200);
    world.ready();
    assert_eq!(page_urls(&world), [format!("{PAGE}&code=c1&state=s1")], "the backend gets the code, and exchanges it");
    assert_eq!(logins(&world), 1);
    world.tap(Tap::Pay);
    world.backend.pay(true, world.now);
    world.says(OK);
    assert!(world.run_until(2_000, paid(false)));
}

#[test]
fn a_login_asks_with_a_key_of_its_own() {
    let mut world = unknown_payer();
    let before = world.payment_requests();
    world.logs_in();
    world.run(200);
    assert_ne!(world.payment_requests()[0].0, before[0].0, "the same question would have the same answer");
}

/// Field problem 18.
#[test]
fn the_code_is_handed_over_once() {
    let mut world = unknown_payer();
    world.logs_in();
    world.run(200);
    world.tap(Tap::Pay);
    world.says("get_brand_wcpay_request:fail\n调用支付JSAPI缺少参数:total_fee");
    world.tap(Tap::Retry);
    world.run(200);
    world.ready();
    assert_eq!(page_urls(&world)[1], PAGE, "new parameters are asked for without it");
    world.reload();
    world.run(200);
    world.ready();
    assert!(page_urls(&world).iter().all(|url| url == PAGE), "and a reload has none");
    assert_eq!((world.backend.spent.len(), logins(&world)), (1, 1));
}

/// Field problem 18: what was lost on its way is asked with the same code, under the same key.
#[test]
fn a_lost_answer_to_the_code_is_asked_for_again_as_it_was() {
    for fault in [Fault::AnswerLost, Fault::Unreachable] {
        let mut world = unknown_payer();
        world.net.payment = fault;
        world.logs_in();
        world.run(200);
        world.net.payment = Fault::None;
        world.run(35_000);
        world.ready();
        let asked = world.payment_requests();
        assert!(asked.len() > 1 && asked.iter().all(|one| *one == asked[0]), "{asked:?}");
        assert_eq!((world.backend.spent.len(), logins(&world)), (1, 1));
    }
}

#[test]
fn other_ways_do_not_get_the_code() {
    let mut world = World::opened_in(App::Browser, Device::Desktop);
    world.options.login_url = Some(format!("{PAGE}&code=c1&state=s1"));
    world.start();
    world.run(200);
    world.scan();
    assert_eq!(page_urls(&world), [PAGE]);
}

/// A backend that does not know the payer after the login either.
#[test]
fn a_loop_is_stopped_and_said() {
    let mut world = unknown_payer();
    world.backend.learns_payer = false;
    world.logs_in();
    world.run(200);
    assert_eq!(world.body(), &Body::Trouble(Trouble::LoginLoop));
    assert!(world.screen.suggest && world.offers(&Tap::Choose(Method::Native)));
    assert_eq!(logins(&world), 1);
    world.reload();
    world.run(10 * MINUTE_MS);
    assert_eq!((world.body(), logins(&world)), (&Body::Trouble(Trouble::LoginLoop), 1), "not by a reload either");
    world.tap(Tap::Retry);
    world.run(200);
    assert_eq!(logins(&world), 2, "the payer may have it tried again");
    world.backend.learns_payer = true;
    world.logs_in();
    world.run(200);
    world.ready();
}

#[test]
fn a_page_that_is_not_left_for_the_login_has_its_button_back() {
    for host_keeps in [false, true] {
        let mut world = unknown_payer();
        world.host.keeps = host_keeps;
        world.run(9_000);
        assert_eq!(world.body(), &Body::Pay { stage: Stage::Opening, cancelled: false });
        world.run(1_500);
        world.ready();
        world.run(MINUTE_MS);
        assert_eq!(world.payment_requests().len(), 1, "nothing is asked that the payer did not tap for");
        world.backend.knows_payer = true;
        world.tap(Tap::Pay);
        world.run(200);
        assert_eq!(world.payment_requests().len(), 2);
        world.ready();
    }
}

#[test]
fn a_payer_who_comes_back_without_logging_in_can_try_again() {
    let mut world = unknown_payer();
    world.page(PageEvent::Hidden);
    world.page(PageEvent::Restored);
    world.run(2_000);
    world.ready();
    world.tap(Tap::Pay);
    world.run(200);
    assert_eq!(logins(&world), 2, "by a tap");
}

#[test]
fn a_login_elsewhere_is_refused() {
    let mut world = World::opened_in(App::WeChat, Device::Phone);
    let url = "https://evil.example/connect/oauth2/authorize".to_owned();
    world.backend.action = Some(Action::Redirect { url: url.clone() });
    world.start();
    world.run(1_000);
    assert_eq!(world.body(), &Body::Trouble(Trouble::NotAllowed { address: url }));
    assert!(world.left_for.is_empty());
}

/// The order was made for another account (docs/platform.md, 1.3): trying again logs in again.
#[test]
fn another_account_logs_in_anew() {
    let mut world = unknown_payer();
    world.logs_in();
    world.run(200);
    world.tap(Tap::Pay);
    world.says("get_brand_wcpay_request:cancel\n下单账号与支付账号不一致");
    assert!(matches!(world.body(), Body::Trouble(Trouble::Wechat { cause: Cause::OtherAccount, .. })));
    world.backend.knows_payer = false;
    world.tap(Tap::Retry);
    world.run(200);
    assert_eq!(logins(&world), 2);
    world.logs_in();
    world.run(200);
    world.ready();
}

#[test]
fn a_payer_whose_login_runs_out_is_sent_once_more() {
    let mut world = unknown_payer();
    world.logs_in();
    world.run(200);
    world.ready();
    // The visit was a success; the backend forgets the payer later.
    world.backend.knows_payer = false;
    world.backend.minted.clear();
    world.backend.resumes = false;
    world.memory = world.memory.map(|text| text.lines().take(3).collect::<Vec<_>>().join("\n"));
    world.reload();
    world.run(200);
    assert_eq!(logins(&world), 2);
}
