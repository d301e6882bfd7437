//! In which language: the one that was chosen, else the first that the browser accepts.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::posted::Posted;
use super::session::{cookie, is_secure};
use crate::console::Lang;
use crate::http::Served;

const NAME: &str = "console-language";
const LIFE_S: u32 = 365 * 24 * 60 * 60;

pub(super) fn of(headers: &HeaderMap) -> Lang {
    let accepted = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let chosen = cookie(headers, NAME).and_then(|tag| Lang::ALL.into_iter().find(|lang| lang.tag() == tag));
    chosen.unwrap_or_else(|| Lang::accepted(accepted()))
}

/// The choice is kept, and leads back to where it was made.
pub(super) async fn choose(State(served): State<Served>, posted: Posted) -> Response {
    let back = Redirect::to(inside(posted.field("back")));
    let Some(lang) = Lang::serving(posted.field("to")) else { return back.into_response() };
    let secure = if is_secure(&served.site) { "; Secure" } else { "" };
    let cookie = format!("{NAME}={}; Path=/console; Max-Age={LIFE_S}; HttpOnly; SameSite=Strict{secure}", lang.tag());
    let mut response = back.into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The address if it is one of the console's, else the first page: nobody is led elsewhere.
pub(super) fn inside(address: &str) -> &str {
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_inside =
        address.starts_with("/console/") && is_plain && !address.contains("/../") && !address.contains("//");
    if is_inside { address } else { "/console/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_out_of_the_console() {
        for good in ["/console/", "/console/orders/T1?done=closed", "/console/?status=paid&after=1.T1"] {
            assert_eq!(inside(good), good);
        }
        for bad in [
            "",
            "//evil.example",
            "https://evil.example/console/",
            "/console/\\evil",
            "/console//evil",
            "/console/../x",
            "/consoles/",
            "/console/a\nb",
        ] {
            assert_eq!(inside(bad), "/console/", "{bad:?}");
        }
    }
}
