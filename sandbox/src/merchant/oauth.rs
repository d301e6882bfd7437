//! Learning who the payer is (docs/platform.md, 5): the page is sent to WeChat, and comes back with a code.

use serde::{Deserialize, Serialize};
use url::Url;
use wechat_cashier::contract::Timestamp;

use crate::origin::Origin;
use crate::phone::{OauthTo, PhoneSettings};
use crate::platform::{APP_ID, ExchangeError};
use crate::state::State;

/// Who was sent to OAuth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Awaited {
    order_id: String,
    page_url: String,
}

/// What the merchant's endpoint does with a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CameBack {
    /// On to the cashier.
    To(String),
    /// The code was no good. The page to try again from.
    Refused(ExchangeError, String),
    /// No one was sent with this `state`.
    Stranger,
}

impl State {
    /// The address at WeChat that tells who the payer is, and leads back to where `settings` say.
    pub(super) fn oauth_url(&mut self, order_id: &str, page_url: &str, origin: &Origin) -> String {
        let state: String = std::iter::repeat_with(fastrand::alphanumeric).take(32).collect();
        let awaited = Awaited { order_id: order_id.to_owned(), page_url: page_url.to_owned() };
        self.merchant.oauth.insert(state.clone(), awaited);
        let Origin(origin) = origin;
        let back = match self.phone.oauth_to {
            OauthTo::Page => page_url.to_owned(),
            OauthTo::Merchant | OauthTo::Loop => format!("{origin}/shop/oauth"),
        };
        // The order of the parameters matters, and so does the fragment.
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("appid", APP_ID)
            .append_pair("redirect_uri", &back)
            .append_pair("response_type", "code")
            .append_pair("scope", "snsapi_base")
            .append_pair("state", &state)
            .finish();
        format!("{origin}/open.weixin.qq.com/connect/oauth2/authorize?{query}#wechat_redirect")
    }

    /// The payer comes to the merchant's endpoint with a code.
    pub(crate) fn oauth_came_back(&mut self, code: &str, state: &str, now: Timestamp) -> CameBack {
        let Some(Awaited { page_url, .. }) = self.merchant.oauth.get(state) else { return CameBack::Stranger };
        let page_url = page_url.clone();
        match self.learn_openid(code, state, now) {
            Some(Err(error)) => CameBack::Refused(error, page_url),
            Some(Ok(())) | None => CameBack::To(page_url),
        }
    }

    /// The page's address may carry a code that was meant for the merchant. It works once; afterwards, and after a
    /// failure, it is as good as none. Gives the address without it.
    pub(super) fn oauth_from_page(&mut self, page_url: &str, now: Timestamp) -> String {
        let Ok(mut url) = Url::parse(page_url) else { return page_url.to_owned() };
        let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let (Some(code), Some(state)) = (value("code"), value("state")) else { return page_url.to_owned() };
        if !self.merchant.oauth.contains_key(&state) {
            return page_url.to_owned();
        }
        // What the platform says to a code that was used is no news: the page is simply sent again.
        let _ = self.learn_openid(&code, &state, now);
        let rest: Vec<_> = url.query_pairs().into_owned().filter(|(key, _)| key != "code" && key != "state").collect();
        match rest.is_empty() {
            true => url.set_query(None),
            false => _ = url.query_pairs_mut().clear().extend_pairs(rest),
        }
        url.into()
    }

    /// Exchanges the code and remembers the openid with the order. None: a merchant that accepts no code, a fault.
    fn learn_openid(&mut self, code: &str, state: &str, now: Timestamp) -> Option<Result<(), ExchangeError>> {
        let PhoneSettings { oauth_to, .. } = self.phone;
        if oauth_to == OauthTo::Loop {
            return None;
        }
        let openid = match self.platform.exchange(code, now) {
            Ok(openid) => openid,
            Err(error) => return Some(Err(error)),
        };
        let order_id = &self.merchant.oauth.get(state)?.order_id;
        self.merchant.orders.get_mut(order_id)?.openid = Some(openid);
        Some(Ok(()))
    }
}
