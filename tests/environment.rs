//! Where the page is opened, and which ways to pay are offered there: on real user agents, and as properties.

use wechat_cashier::contract::{Method, MethodOffer};
use wechat_cashier::core::{Environment, Probes, Surface};

/// `tests/data/user-agents.tsv`: what is seen, and what it is to be taken for.
struct Row {
    expected: [&'static str; 3],
    source: &'static str,
    probes: Probes,
}

fn rows() -> Vec<Row> {
    include_str!("data/user-agents.tsv").lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

fn row(line: &'static str) -> Row {
    let [app, device, way, probes, source, user_agent] = *line.split('\t').collect::<Vec<_>>() else {
        panic!("six columns are needed: {line}")
    };
    let probe = |name| probes.split(' ').any(|probe| probe == name);
    Row {
        expected: [app, device, way],
        source,
        probes: Probes {
            user_agent: user_agent.to_owned(),
            mini_program: probe("mini_program"),
            bridge: probe("bridge"),
            touch: probe("touch"),
            framed: probe("framed"),
        },
    }
}

fn merchants(id: &str) -> MethodOffer {
    MethodOffer { method: Method::Merchant(id.to_owned()), label: Some(id.to_owned()), icon_url: None }
}

fn all_methods() -> Vec<MethodOffer> {
    let ids = ["native", "jsapi", "h5", "mini_program", "payment_code"];
    let mut offers: Vec<MethodOffer> = ids.iter().map(|id| Method::from((*id).to_owned()).into()).collect();
    offers.extend(["alipay", "unionpay", "ecny"].map(merchants));
    offers
}

#[test]
fn real_user_agents_are_told_apart() {
    for Row { expected, source, probes } in rows() {
        let environment = Environment::of(&probes);
        let ways = environment.ways(Surface::Payer, &all_methods());
        let got =
            [format!("{:?}", environment.app), format!("{:?}", environment.device), ways[0].method.id().to_owned()];
        assert_eq!(got, expected, "{source}: {probes:?}");
    }
}
