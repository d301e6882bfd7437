//! A trade as a query and a notification tell it (<https://pay.weixin.qq.com/doc/v3/merchant/4013070356>), and a service provider's
//! (<https://pay.weixin.qq.com/docs/partner/apis/partner-query-order/partner-jsons/partner-query-by-out-trade-no.html>).

use serde_json::{Map, Value, json};

use super::openid::openid;
use super::{Trade, TradeState};
use crate::clock::beijing;

impl Trade {
    /// What a query answers. An unpaid trade tells little more than its state.
    pub fn view(&self) -> Value {
        let mut view = Map::new();
        let mut put = |name: &str, value: Value| view.insert(name.to_owned(), value);
        let (appid, mchid) = if self.sub.is_some() { ("sp_appid", "sp_mchid") } else { ("appid", "mchid") };
        put(appid, self.appid.clone().into());
        put(mchid, self.key.mchid.clone().into());
        if let Some(sub) = &self.sub {
            // What the order did not name is not there.
            if let Some(sub_appid) = &sub.appid {
                put("sub_appid", sub_appid.clone().into());
            }
            put("sub_mchid", sub.mchid.clone().into());
        }
        put("out_trade_no", self.key.out_trade_no.clone().into());
        put("trade_state", json!(self.trade_state));
        put("trade_state_desc", self.trade_state.description().into());
        let paid = matches!(self.trade_state, TradeState::Success | TradeState::Refund);
        if paid {
            put("transaction_id", json!(self.transaction_id));
            put("trade_type", json!(self.trade_type));
            put("bank_type", "OTHERS".into());
            put("success_time", self.success_time.map(beijing).unwrap_or_default().into());
            put("payer", self.payer_view());
            // Only a paid trade tells it again (https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_4_2.shtml).
            if let Some(attach) = &self.attach {
                put("attach", attach.clone().into());
            }
        }
        let (total, currency) = (self.total, &self.currency);
        put(
            "amount",
            if paid {
                json!({ "total": total, "payer_total": total, "currency": currency, "payer_currency": currency })
            } else {
                json!({ "total": total, "payer_currency": currency })
            },
        );
        if let Some(device_id) = &self.device_id {
            put("scene_info", json!({ "device_id": device_id }));
        }
        Value::Object(view)
    }

    /// Who has paid. A service provider is told of both appids that the order has named.
    fn payer_view(&self) -> Value {
        let Some(sub) = &self.sub else { return json!({ "openid": self.payer_openid }) };
        let mut payer = json!({ "sp_openid": self.payer_openid });
        if let (Some(sub_appid), Some(account)) = (&sub.appid, &self.payer) {
            payer["sub_openid"] = openid(sub_appid, account).into();
        }
        payer
    }
}
