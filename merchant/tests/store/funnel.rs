//! How many visits came how far.

use futures_util::future::join_all;
use wechat_cashier_merchant::store::FunnelCount;

use crate::home::Home;

crate::on_both!(counts_are_sums_and_old_days_go, of_many_who_count_at_once_nothing_is_lost);

fn count(day: &str, stage: &str, method: &str, visits: i64) -> FunnelCount {
    let [day, stage, method, surface] = [day, stage, method, "page"].map(str::to_owned);
    FunnelCount { day, stage, method, surface, visits }
}

async fn counts_are_sums_and_old_days_go(home: Home) {
    let store = home.open().await;
    let first = [count("2025-10-01", "shown", "native", 4), count("2026-11-29", "paid", "native", 2)];
    store.count_funnel(&first, "2025-01-01").await.unwrap();
    let more = [
        count("2026-11-29", "abandoned", "none", 1),
        count("2026-11-29", "paid", "native", 3),
        count("2026-11-30", "paid", "自己", 1),
    ];
    store.count_funnel(&more, "2025-10-02").await.unwrap();
    // A later word takes an earlier one back.
    store.count_funnel(&[count("2026-11-29", "abandoned", "none", -1)], "2025-10-02").await.unwrap();
    store.count_funnel(&[], "2025-10-02").await.unwrap();
    let all = [
        count("2026-11-29", "abandoned", "none", 0),
        count("2026-11-29", "paid", "native", 5),
        count("2026-11-30", "paid", "自己", 1),
    ];
    assert_eq!(store.funnel("2025-01-01", "2026-11-30").await.unwrap(), all);
    assert_eq!(store.funnel("2026-11-30", "2026-12-01").await.unwrap(), all[2..]);
    assert_eq!(store.funnel("2026-11-30", "2026-11-29").await.unwrap(), []);
    // More than one statement's.
    let many: Vec<_> = (0..450).map(|number| count("2026-12-01", "shown", &format!("m{number:03}"), 1)).collect();
    store.count_funnel(&many, "2025-10-02").await.unwrap();
    assert_eq!(store.funnel("2026-12-01", "2026-12-01").await.unwrap(), many);
}

async fn of_many_who_count_at_once_nothing_is_lost(home: Home) {
    let stores = [home.open().await, home.open().await];
    let counts = (0..20).map(|number| {
        let store = stores[number % 2].clone();
        let rows = ["paid", "shown"].map(|stage| count("2026-11-30", stage, "native", 1));
        tokio::spawn(async move { store.count_funnel(&rows, "2026-01-01").await.unwrap() })
    });
    join_all(counts).await.into_iter().for_each(|counted| counted.unwrap());
    let sums: Vec<_> = stores[0].funnel("2026-11-30", "2026-11-30").await.unwrap().iter().map(|it| it.visits).collect();
    assert_eq!(sums, [20, 20]);
}
