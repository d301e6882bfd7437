//! Who pays inside WeChat: the openid, by OAuth (docs/platform.md, 5).

use aws_lc_rs::digest;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use wechat_cashier::contract::{Action, ProblemCode};

use super::{Backend, Problem};
use crate::domain::{Ask, Fact, Order, plus};
use crate::store::Login;

/// How long a payer may take at WeChat's login.
const LOGIN_LIFE_MS: i64 = 10 * 60 * 1000;

/// What comes of a payer who is back from WeChat's login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameBack {
    /// On to the page that asked.
    To {
        /// The page.
        page_url: String,
        /// Who logged in.
        openid: String,
        /// The order that is to be paid.
        order: Box<Order>,
    },
    /// Nobody was sent with this `state`, or it was used.
    Stranger,
    /// WeChat did not say who it is.
    Refused {
        /// The page to try again from.
        page_url: String,
    },
}

impl Backend {
    /// Sends the payer to log in. `state` is random, is known by its digest alone, and works once.
    pub(super) async fn log_in(&self, order: &Order, ask: &Ask) -> Result<Fact, Problem> {
        let now = self.clock().now();
        let state: String = std::iter::repeat_with(fastrand::alphanumeric).take(32).collect();
        let appid = self.wechat_pay().login_appid(order);
        let url = self.wechat_pay().logins().url(appid, &state).ok_or_else(|| {
            let detail = "this shop cannot learn who pays: wechat_pay.app_secret_file is not set";
            Problem::new(ProblemCode::MethodUnavailable, detail)
        })?;
        let login = Login {
            order_id: order.facts.order_id.clone(),
            page_url: ask.page_url.clone(),
            expires_at: plus(now, LOGIN_LIFE_MS),
        };
        self.store().keep_login(&digest_of(&state), &login).await?;
        Ok(Fact::Sent { payment: order.payment(ask, None, Action::Redirect { url }, now) })
    }

    /// The payer is back with a code.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn came_back(&self, code: &str, state: &str) -> Result<CameBack, Problem> {
        let login = self.store().take_login(&digest_of(state), self.clock().now()).await?;
        let Some(Login { order_id, page_url, .. }) = login else { return Ok(CameBack::Stranger) };
        let order = self.order(&order_id).await?;
        let appid = self.wechat_pay().login_appid(&order);
        match self.wechat_pay().logins().openid(appid, code).await {
            Ok(openid) => {
                let order = self.change(&order_id, |_, _| vec![Fact::LoggedIn { openid: openid.clone() }]).await?;
                Ok(CameBack::To { page_url, openid, order: Box::new(order) })
            }
            Err(why) => {
                tracing::warn!(order_id, why, "WeChat did not say who the payer is");
                Ok(CameBack::Refused { page_url })
            }
        }
    }
}

/// What stands in the database cannot be used by who reads it.
fn digest_of(state: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, state.as_bytes()))
}
