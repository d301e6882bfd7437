//! What payers do who have two ways to pay before them.

use reqwest::Method;
use serde_json::json;

use crate::payer::{THINKS_MS, Visit};
use crate::shop::{Asked, pause};

impl Visit {
    /// Takes H5 in place of the QR, and may scan that in the same moment.
    pub(crate) async fn switches(&self) -> bool {
        let Asked::Given(payment) = self.asks("native", None).await else { return self.has_paid().await };
        pause(THINKS_MS).await;
        let scans = async {
            if fastrand::bool() {
                pause(0..60).await;
                if let Some(scan_id) = self.opens(&payment).await {
                    self.confirms(&scan_id).await;
                }
            }
        };
        let (asked, ()) = tokio::join!(self.asks("h5", Some(&payment)), scans);
        if let Asked::Given(payment) = asked
            && let Some(scan_id) = self.opens(&payment).await
            && self.confirms(&scan_id).await
        {
            return true;
        }
        self.has_paid().await || self.pays_by("h5").await
    }

    /// Has the QR's sheet open, takes H5, pays that, and then pays on the sheet as well: WeChat lets it through, as it does where
    /// the close came while the payer was typing.
    pub(crate) async fn pays_twice(&self) -> bool {
        let Asked::Given(first) = self.asks("native", None).await else { return self.has_paid().await };
        let Some(sheet) = self.opens(&first).await else { return self.pays_by("h5").await };
        pause(THINKS_MS).await;
        let Asked::Given(second) = self.asks("h5", Some(&first)).await else { return self.has_paid().await };
        let is_paid = match self.opens(&second).await {
            Some(scan_id) => self.confirms(&scan_id).await,
            None => false,
        };
        pause(THINKS_MS).await;
        let late = json!([{ "kind": "paid_after_expiry", "out_trade_no": self.order_id, "times": 1 }]);
        self.shop.simulated(Method::POST, "/simulator/faults", Some(&late)).await;
        let is_paid_too = self.confirms(&sheet).await;
        is_paid || is_paid_too || self.pays_by("h5").await
    }

    /// Two pages ask at once, each with its own key. The payer scans what the one shows, and the other's when that is dead.
    pub(crate) async fn has_two_pages(&self) -> bool {
        let (one, other) = tokio::join!(self.asks("native", None), self.asks("native", None));
        for asked in [one, other] {
            if let Asked::Given(payment) = asked
                && let Some(scan_id) = self.opens(&payment).await
                && self.confirms(&scan_id).await
            {
                return true;
            }
        }
        self.pays_by("native").await
    }
}
