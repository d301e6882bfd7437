//! Every text that WeChat is known to say, and what is made of it; `docs/wechat.md` has the same as a table.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

/// Every row of docs/platform.md, 1.3, in its order, and what else people met.
const TABLE: &[(&str, Option<Said>)] = &[
    ("get_brand_wcpay_request:ok", Some(Said::Ok)),
    ("get_brand_wcpay_request:cancel", Some(Said::Cancelled)),
    ("get_brand_wcpay_request:fail", Some(Said::Failed(Cause::Failed))),
    ("get_brand_wcpay_request:fail\n调用支付JSAPI缺少参数:total_fee", Some(Said::Failed(Cause::Stale))),
    ("调用支付JSAPI缺少参数：total_fee", Some(Said::Failed(Cause::Stale))),
    ("当前页面的URL未注册:https://shop.example/expired/", Some(Said::Failed(Cause::UrlNotRegistered))),
    ("缺少参数 appId", Some(Said::Failed(Cause::Setup))),
    ("缺少参数 package", Some(Said::Failed(Cause::Setup))),
    ("system:access_denied", Some(Said::Failed(Cause::NotSupported))),
    ("system:access denied", Some(Said::Failed(Cause::NotSupported))),
    ("get_brand_wcpay_request:fail_invalid appid", Some(Said::Failed(Cause::Setup))),
    ("get_brand_wcpay_request:fail_invalid_data", Some(Said::Failed(Cause::Setup))),
    ("get_brand_wcpay_request:fail_no permission to execute", Some(Said::Failed(Cause::Setup))),
    ("wx_result_fail", Some(Said::Failed(Cause::Failed))),
    ("getBrandWCPayRequest:fail_nosupport", Some(Said::Failed(Cause::NotSupported))),
    ("getBrandWCPayRequest:fail_nopermission", Some(Said::Failed(Cause::Setup))),
    ("getBrandWCPayRequest:fail", Some(Said::Failed(Cause::Failed))),
    ("pre_verify_jsapi:ok", None),
    ("chooseWXPay:ok", Some(Said::Ok)),
    ("chooseWXPay:cancel", Some(Said::Cancelled)),
    ("chooseWXPay:fail", Some(Said::Failed(Cause::Failed))),
    ("chooseWXPay:fail, the permission value is offline verifying", Some(Said::Failed(Cause::Setup))),
    ("the permission value is offline verifying", Some(Said::Failed(Cause::Setup))),
    ("chooseWXPay:function not exist", Some(Said::Failed(Cause::NotSupported))),
    ("system:function_not_exist", Some(Said::Failed(Cause::NotSupported))),
    ("chooseWXPay:permission denied", Some(Said::Failed(Cause::Setup))),
    ("config:invalid signature", Some(Said::Failed(Cause::Setup))),
    ("chooseWXPay:fail, invalid signature", Some(Said::Failed(Cause::Setup))),
    ("invalid url domain", Some(Said::Failed(Cause::Setup))),
    ("config:fail", Some(Said::Failed(Cause::Setup))),
    ("config:fail,invalid url domain", Some(Said::Failed(Cause::Setup))),
    ("get_brand_wcpay_request:cancel\n下单账号与支付账号不一致", Some(Said::Failed(Cause::OtherAccount))),
    ("支付场景非法", Some(Said::Failed(Cause::Setup))),
    ("get_brand_wcpay_request:cancel\n268449538\n该订单已支付", Some(Said::Failed(Cause::AlreadyPaid))),
    ("get_brand_wcpay_request:fail\n订单已支付", Some(Said::Failed(Cause::AlreadyPaid))),
    ("get_brand_wcpay_request:fail\n该订单已失效", Some(Said::Failed(Cause::Stale))),
    ("get_brand_wcpay_request:fail\n268447914", Some(Said::Failed(Cause::Stale))),
    ("该商户暂不支持通过外部拉起微信完成支付", Some(Said::Failed(Cause::NotSupported))),
    ("get_brand_wcpay_request:fail\n商家暂时没有此类交易权限", Some(Said::Failed(Cause::Limit))),
    ("get_brand_wcpay_request:fail\n今日收款超出单日收款最大金额", Some(Said::Failed(Cause::Limit))),
    // As the sandbox's emulator says them, by themselves.
    ("getBrandWCPayRequest:cancel", Some(Said::Cancelled)),
    ("调用支付JSAPI缺少参数:total_fee", Some(Said::Failed(Cause::Stale))),
    ("该订单已失效", Some(Said::Failed(Cause::Stale))),
    ("当前页面的URL未注册:https://shop.example/cashier/", Some(Said::Failed(Cause::UrlNotRegistered))),
    ("支付验证签名失败", Some(Said::Failed(Cause::Setup))),
    ("invalid signature", Some(Said::Failed(Cause::Setup))),
    ("permission denied", Some(Said::Failed(Cause::Setup))),
    ("function not exist", Some(Said::Failed(Cause::NotSupported))),
    ("商家暂时没有此类交易权限", Some(Said::Failed(Cause::Limit))),
    ("今日收款超出单日收款最大金额", Some(Said::Failed(Cause::Limit))),
    ("err_msg: wx_result_fail", Some(Said::Failed(Cause::Failed))),
    ("下单账号与支付账号不一致", Some(Said::Failed(Cause::OtherAccount))),
    ("该订单已支付", Some(Said::Failed(Cause::AlreadyPaid))),
    ("订单已支付", Some(Said::Failed(Cause::AlreadyPaid))),
    // In Traditional Chinese.
    ("當前頁面的URL未註冊:https://shop.example/", Some(Said::Failed(Cause::UrlNotRegistered))),
    ("該訂單已支付", Some(Said::Failed(Cause::AlreadyPaid))),
    ("該訂單已失效", Some(Said::Failed(Cause::Stale))),
    ("下單帳號與支付帳號不一致", Some(Said::Failed(Cause::OtherAccount))),
    ("商家暫時沒有此類交易權限", Some(Said::Failed(Cause::Limit))),
    ("今日收款超出單日收款最大金額", Some(Said::Failed(Cause::Limit))),
    ("缺少參數 appId", Some(Said::Failed(Cause::Setup))),
    ("支付驗證簽名失敗", Some(Said::Failed(Cause::Setup))),
    ("支付場景非法", Some(Said::Failed(Cause::Setup))),
    // As APIv3 and V2 number and name them (docs/platform.md, 7.4).
    ("get_brand_wcpay_request:fail\n268449538", Some(Said::Failed(Cause::AlreadyPaid))),
    ("get_brand_wcpay_request:fail\n268498689", Some(Said::Failed(Cause::AlreadyPaid))),
    ("get_brand_wcpay_request:fail\nORDERPAID", Some(Said::Failed(Cause::AlreadyPaid))),
    ("get_brand_wcpay_request:fail\nORDER_PAID", Some(Said::Failed(Cause::AlreadyPaid))),
    ("get_brand_wcpay_request:fail\nprepay_id expired", Some(Said::Failed(Cause::Stale))),
    ("getBrandWCPayRequest:fail, not support", Some(Said::Failed(Cause::NotSupported))),
    // Field problem 16.
    ("invokeMiniProgramAPI:permission denied", Some(Said::Failed(Cause::NoGesture))),
    ("WeixinJSBridge already exists", Some(Said::Failed(Cause::NoGesture))),
    ("get_brand_wcpay_request:fail\nWeixinJSBridge already exists", Some(Said::Failed(Cause::NoGesture))),
    // The JS-SDK in a mini-program.
    ("navigateTo:fail page \"pages/pay\" is not found", Some(Said::Failed(Cause::Setup))),
    ("navigateTo:fail can not navigateTo a tabbar page", Some(Said::Failed(Cause::Setup))),
    ("navigateTo:ok", None),
    ("navigateTo:fail", None),
    // Field problems 7 and 9: an answer with a number and a text.
    ("chooseWXPay:fail\n1\n支付验证签名失败", Some(Said::Failed(Cause::Setup))),
    ("get_brand_wcpay_request:fail\n-1\nunknown", Some(Said::Failed(Cause::Failed))),
    ("get_brand_wcpay_request:fail_invalid_data\n该订单已支付", Some(Said::Failed(Cause::AlreadyPaid))),
    // Field problem 10: any case and spelling.
    ("getBrandWCPayRequest:ok", Some(Said::Ok)),
    ("GET_BRAND_WCPAY_REQUEST:OK", Some(Said::Ok)),
    ("get brand wcpay request: ok ", Some(Said::Ok)),
    ("1\nget_brand_wcpay_request:ok", Some(Said::Ok)),
    // Only exactly ok is ok.
    ("get_brand_wcpay_request:okay", Some(Said::Failed(Cause::Failed))),
    ("get_brand_wcpay_request:fail ok", Some(Said::Failed(Cause::Failed))),
    ("get_brand_wcpay_request:", Some(Said::Failed(Cause::Failed))),
    ("get_brand_wcpay_request_v2:ok", None),
    // Not of this call.
    ("", None),
    ("\n\n", None),
    ("ok", None),
    ("cancel", None),
    ("config:ok", None),
    ("checkJsApi:ok", None),
    ("pre_verify_jsapi:ok\npre_verify_jsapi:ok", None),
    ("getLocation:cancel", None),
];

#[test]
fn every_text_that_wechat_is_known_to_say_is_read() {
    for (said, means) in TABLE {
        assert_eq!(read(said), *means, "{said:?}");
    }
}

#[test]
fn the_table_is_as_answers_are_folded() {
    for (words, _) in CAUSES {
        assert_eq!(fold(words), words);
    }
    for name in CALLS {
        assert_eq!(fold(name), name);
    }
}

#[test]
fn every_cause_has_a_word_of_its_own() {
    let words: HashSet<_> = Cause::ALL.iter().map(|cause| cause.word()).collect();
    assert_eq!(words.len(), Cause::ALL.len());
}

/// A spelling of a call's name: parts of it in any case, with `_` or blanks between.
fn spellings() -> impl Strategy<Value = String> {
    let letters = prop::sample::select(CALLS.to_vec());
    (letters, prop::collection::vec((any::<bool>(), prop::sample::select(vec!["", "", "", "_", " "])), 24)).prop_map(
        |(name, how)| {
            name.chars()
                .zip(how)
                .map(|(letter, (upper, between))| {
                    let letter = if upper { letter.to_ascii_uppercase() } else { letter };
                    [letter.to_string().as_str(), between].concat()
                })
                .collect()
        },
    )
}

/// Texts of WeChat's own, and any others.
fn texts() -> impl Strategy<Value = String> {
    let known = TABLE.iter().flat_map(|(said, _)| said.lines()).map(str::to_owned).collect::<Vec<_>>();
    let line = prop_oneof![prop::sample::select(known), any::<String>(), spellings()];
    prop::collection::vec(line, 0..4).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_name_of_the_call_is_read_in_any_spelling(name in spellings(), before in "[0-9]{0,3}", after in "[a-z]{0,8}") {
        let said = |result: &str| [&before, "\n", &name, ":", result, "\n", &after].concat();
        prop_assert_eq!(read(&said("ok")), Some(Said::Ok));
        prop_assert_eq!(read(&said("fail")), Some(Said::Failed(Cause::Failed)));
        prop_assert_eq!(read(&said("cancel")), Some(Said::Cancelled));
    }

    /// Nothing is taken for a success that does not say so in so many words.
    #[test]
    fn only_ok_is_ok(said in texts()) {
        if read(&said) == Some(Said::Ok) {
            let says_so = |line: &str| CALLS.iter().any(|call| line == [call, ":ok"].concat());
            prop_assert!(fold(&said).lines().any(says_so), "{}", said);
        }
    }

    #[test]
    fn what_is_not_wechats_is_waited_on(said in "[a-f0-9 _:{}\"\n]{0,80}") {
        prop_assert_eq!(read(&said), None);
    }
}
