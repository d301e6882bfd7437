//! Lists, newest first.

use wechat_cashier_merchant::store::{Change, Filter, Row, Saved};

use crate::home::{Home, at, entry, ids, order};

crate::on_both!(orders_are_listed, orders_are_listed_page_by_page, what_fits_no_order_is_listed);

/// Of each status two, two of them made at the same time.
async fn filled(home: &Home) -> std::sync::Arc<dyn wechat_cashier_merchant::store::Store> {
    let store = home.open().await;
    for (order_id, status, created_at) in [("a", "paid", 1), ("B", "open", 2), ("c", "paid", 3), ("D", "open", 3)] {
        let row = Row { status: status.into(), created_at: at(created_at), ..order(order_id) };
        assert_eq!(store.insert(&Change::of(row)).await.unwrap(), Saved::Yes);
    }
    store
}

async fn orders_are_listed(home: Home) {
    let store = filled(&home).await;
    let cases = [
        (Filter::default(), vec!["c", "D", "B", "a"]),
        (Filter { status: Some("paid".into()), ..Filter::default() }, vec!["c", "a"]),
        (Filter { status: Some("lost".into()), ..Filter::default() }, vec![]),
        (Filter { created_from: Some(at(2)), ..Filter::default() }, vec!["c", "D", "B"]),
        (Filter { created_before: Some(at(3)), ..Filter::default() }, vec!["B", "a"]),
        (
            Filter {
                status: Some("open".into()),
                created_from: Some(at(2)),
                created_before: Some(at(3)),
                ..Filter::default()
            },
            vec!["B"],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(ids(&store.list(&filter, 10).await.unwrap()), expected, "{filter:?}");
    }
}

async fn orders_are_listed_page_by_page(home: Home) {
    let store = filled(&home).await;
    let (mut filter, mut seen) = (Filter::default(), Vec::new());
    loop {
        let page = store.list(&filter, 1).await.unwrap();
        let Some(last) = page.last() else { break };
        filter.before = Some(last.place());
        seen.extend(page);
    }
    assert_eq!(ids(&seen), ["c", "D", "B", "a"]);
}

async fn what_fits_no_order_is_listed(home: Home) {
    let store = home.open().await;
    for (millis, kind) in [(5, "first"), (9, "second"), (7, "third")] {
        store.keep_unmatched(&entry(millis, kind)).await.unwrap();
    }
    assert_eq!(store.list_unmatched(2).await.unwrap(), [entry(7, "third"), entry(9, "second")]);
    assert_eq!(store.list_unmatched(9).await.unwrap().len(), 3);
}
