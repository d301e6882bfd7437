//! What came out of each day, and that one at a time is at it.

use futures_util::future::join_all;
use wechat_cashier_merchant::store::Reconciliation;

use crate::home::{Home, at};

crate::on_both!(a_day_is_kept_once, of_each_number_a_day_is_kept, of_many_one_has_the_lease);

fn kept(date: &str, state: &str) -> Reconciliation {
    Reconciliation {
        sub_mchid: String::new(),
        date: date.to_owned(),
        state: state.to_owned(),
        made_at: at(7),
        next_at: (state == "failed").then(|| at(9)),
        differences: 3,
        report: r#"{"茶":1}"#.to_owned(),
    }
}

async fn a_day_is_kept_once(home: Home) {
    let store = home.open().await;
    assert_eq!(store.reconciliation("", "2026-11-29").await.unwrap(), None);
    for date in ["2026-11-29", "2026-11-30", "2026-12-01"] {
        assert!(store.keep_reconciliation(&kept(date, "failed"), &["failed"], &[]).await.unwrap());
    }
    assert_eq!(store.reconciliation("", "2026-11-29").await.unwrap(), Some(kept("2026-11-29", "failed")));
    assert!(store.keep_reconciliation(&kept("2026-11-29", "ok"), &[], &[]).await.unwrap());
    // A failure takes the place of a failure alone.
    assert!(!store.keep_reconciliation(&kept("2026-11-29", "failed"), &["failed", "lost"], &[]).await.unwrap());
    assert_eq!(store.reconciliation("", "2026-11-29").await.unwrap(), Some(kept("2026-11-29", "ok")));

    let listed = store.reconciliations("", "2026-12-01", 9).await.unwrap();
    let dates: Vec<_> = listed.iter().map(|day| (day.date.as_str(), day.state.as_str())).collect();
    assert_eq!(dates, [("2026-11-30", "failed"), ("2026-11-29", "ok")]);
    assert!(listed.iter().all(|day| day.report.is_empty() && day.differences == 3));
    assert_eq!(store.reconciliations("", "9999-12-31", 1).await.unwrap()[0].date, "2026-12-01");
}

async fn of_each_number_a_day_is_kept(home: Home) {
    let store = home.open().await;
    let of = |sub_mchid: &str, state| Reconciliation { sub_mchid: sub_mchid.to_owned(), ..kept("2026-11-29", state) };
    for (sub_mchid, state) in [("", "ok"), ("1900000311", "different"), ("1900000312", "failed")] {
        assert!(store.keep_reconciliation(&of(sub_mchid, state), &[], &[]).await.unwrap());
    }
    // A failure of one takes no other's place.
    assert!(!store.keep_reconciliation(&of("1900000311", "failed"), &["failed"], &[]).await.unwrap());
    assert!(store.keep_reconciliation(&of("1900000312", "failed"), &["failed"], &[]).await.unwrap());
    for (sub_mchid, state) in [("", "ok"), ("1900000311", "different"), ("1900000312", "failed")] {
        assert_eq!(store.reconciliation(sub_mchid, "2026-11-29").await.unwrap(), Some(of(sub_mchid, state)));
        let listed = store.reconciliations(sub_mchid, "9999-12-31", 9).await.unwrap();
        assert_eq!(listed.iter().map(|day| day.state.as_str()).collect::<Vec<_>>(), [state]);
    }
    assert_eq!(store.reconciliation("1900000313", "2026-11-29").await.unwrap(), None);
}

async fn of_many_one_has_the_lease(home: Home) {
    let stores = [home.open().await, home.open().await];
    let leases = (0..20).map(|number| {
        let store = stores[number % 2].clone();
        tokio::spawn(async move { store.lease("bills", at(10), at(20)).await.unwrap() })
    });
    let given = join_all(leases).await.into_iter().filter(|given| *given.as_ref().unwrap()).count();
    assert_eq!(given, 1);
    let store = &stores[0];
    assert!(!store.lease("bills", at(19), at(30)).await.unwrap());
    assert!(store.lease("other", at(19), at(30)).await.unwrap());
    // It runs out, and who had it does not take it from the next.
    assert!(store.lease("bills", at(20), at(30)).await.unwrap());
    store.end_lease("bills", at(20)).await.unwrap();
    assert!(!store.lease("bills", at(21), at(31)).await.unwrap());
    store.end_lease("bills", at(30)).await.unwrap();
    assert!(store.lease("bills", at(21), at(31)).await.unwrap());
    // What the dead left behind is swept away a day later.
    let days = |days: i64| at(31 + days * 24 * 60 * 60 * 1000);
    assert!(store.lease("later", days(1), days(2)).await.unwrap());
    store.end_lease("later", days(2)).await.unwrap();
    assert!(store.lease("bills", at(22), at(32)).await.unwrap());
}
