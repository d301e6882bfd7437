//! The bodies that begin a payment.

use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::wechat_pay::Sub;
use wechat_cashier_merchant::wechat_pay::prepay::{Order, Prepay, Till, fitting};

const ORDER: Order<'_> = Order {
    appid: "wxd678efh567hg6787",
    mchid: "1900007291",
    sub: None,
    description: "茶",
    out_trade_no: "T20240101",
    total: 100,
    currency: "CNY",
    attach: None,
};

fn prepay() -> Prepay<'static> {
    Prepay {
        order: ORDER,
        notify_url: "https://pay.shop.example/wechat/notify",
        time_expire: Timestamp::parse("2024-01-01T23:30:00.750Z"),
        payer_client_ip: Some("203.0.113.7"),
    }
}

#[test]
fn each_way_has_its_body() {
    let common = r#"{"appid":"wxd678efh567hg6787","mchid":"1900007291","description":"茶","out_trade_no":"T20240101","#;
    let rest = r#""time_expire":"2024-01-02T07:30:00+08:00","notify_url":"https://pay.shop.example/wechat/notify","amount":{"total":100,"currency":"CNY"},"#;
    let scene = r#""scene_info":{"payer_client_ip":"203.0.113.7""#;
    assert_eq!(prepay().native().unwrap(), format!("{common}{rest}{scene}}}}}"));
    let payer = r#""payer":{"openid":"oUpF8uMuAJO"},"#;
    assert_eq!(prepay().jsapi("oUpF8uMuAJO").unwrap(), format!("{common}{rest}{payer}{scene}}}}}"));
    assert_eq!(prepay().h5().unwrap(), format!("{common}{rest}{scene},\"h5_info\":{{\"type\":\"Wap\"}}}}}}"));
    let till = Till { store_id: "0001", device_id: None, device_ip: Some("203.0.113.9") };
    let scene = r#""scene_info":{"device_ip":"203.0.113.9","store_info":{"id":"0001"}}}"#;
    assert_eq!(
        ORDER.codepay("130061098828009406", till).unwrap(),
        format!(
            "{common}\"amount\":{{\"total\":100,\"currency\":\"CNY\"}},\"payer\":{{\"auth_code\":\"130061098828009406\"}},{scene}"
        )
    );
}

#[test]
fn a_service_providers_bodies_name_the_sub_merchant_and_by_whose_appid_the_payer_is_known() {
    let with = |appid| {
        let sub = Some(Sub { mchid: "1900000311", appid });
        Prepay { order: Order { sub, ..ORDER }, ..prepay() }
    };
    let ids = r#"{"sp_appid":"wxd678efh567hg6787","sp_mchid":"1900007291","#;
    let (without, own) = (with(None), with(Some("wx9b5e27d40c81fa36")));
    let native = without.native().unwrap();
    assert!(native.starts_with(&format!("{ids}\"sub_mchid\":\"1900000311\",\"description\":")), "{native}");
    let jsapi = without.jsapi("oUpF8uMuAJO").unwrap();
    assert!(jsapi.contains(r#""payer":{"sp_openid":"oUpF8uMuAJO"}"#), "{jsapi}");
    let jsapi = own.jsapi("oUpF8uMuAJO").unwrap();
    let sub = r#""sub_appid":"wx9b5e27d40c81fa36","sub_mchid":"1900000311","#;
    assert!(jsapi.starts_with(&[ids, sub].concat()), "{jsapi}");
    assert!(jsapi.contains(r#""payer":{"sub_openid":"oUpF8uMuAJO"}"#), "{jsapi}");
    assert_eq!((without.order.payers_appid(), own.order.payers_appid()), (ORDER.appid, "wx9b5e27d40c81fa36"));
    let till = Till { store_id: "0001", device_id: None, device_ip: None };
    let code = own.order.codepay("130061098828009406", till).unwrap();
    assert!(code.starts_with(ids) && code.contains(r#""payer":{"auth_code":"130061098828009406"}"#), "{code}");
    let nobody = Some(Sub { mchid: "", appid: None });
    let fault = Prepay { order: Order { sub: nobody, ..ORDER }, ..prepay() }.native().unwrap_err();
    assert_eq!(fault.field, "sub_mchid");
}

#[test]
fn what_the_platform_would_refuse_is_named_before_it_is_sent() {
    let with = |order| Prepay { order, ..prepay() }.native().unwrap_err().field;
    assert_eq!(with(Order { out_trade_no: "T2024", ..ORDER }), "out_trade_no");
    assert_eq!(with(Order { out_trade_no: "T2024/01", ..ORDER }), "out_trade_no");
    assert_eq!(with(Order { total: 0, ..ORDER }), "amount.total");
    assert_eq!(with(Order { description: "", ..ORDER }), "description");
    assert_eq!(with(Order { description: "🍵 tea", ..ORDER }), "description");
    assert_eq!(with(Order { appid: "", ..ORDER }), "appid");
    assert_eq!(Prepay { notify_url: "https://a.example/?b", ..prepay() }.native().unwrap_err().field, "notify_url");
    assert_eq!(Prepay { payer_client_ip: None, ..prepay() }.h5().unwrap_err().field, "scene_info.payer_client_ip");
    assert_eq!(prepay().jsapi("").unwrap_err().field, "payer.openid");
    let till = Till { store_id: "0001", device_id: None, device_ip: None };
    for code in ["", "13006109882800940", "930061098828009406", "13006109882800940x"] {
        assert_eq!(ORDER.codepay(code, till).unwrap_err().field, "payer.auth_code");
    }
}

#[test]
fn a_description_is_made_to_fit() {
    assert_eq!(fitting(" 🍵 Dragon Well\n"), "Dragon Well");
    let long = fitting(&"茶".repeat(100));
    assert_eq!((long.len(), long.chars().count()), (126, 42));
    assert!(Prepay { order: Order { description: &long, ..ORDER }, ..prepay() }.native().is_ok());
}
