//! A browser without scripts: it keeps cookies, follows what it is told, and fills in forms with what is in them.

use std::sync::Mutex;

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::json;

use crate::bench::{Bench, native};
use crate::said::Said;

/// A visit of one person's.
pub(crate) struct Visit {
    http: Client,
    origin: String,
    languages: &'static str,
    cookies: Mutex<Vec<(String, String)>>,
}

/// What came.
#[derive(Clone, Debug)]
pub(crate) struct Came {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Visit {
    /// Of somebody who is not in.
    pub(crate) fn new(bench: &Bench) -> Self {
        Self::at(bench, &bench.merchant)
    }

    /// Of an instance.
    pub(crate) fn at(bench: &Bench, origin: &str) -> Self {
        Self { http: bench.http.clone(), origin: origin.to_owned(), languages: "en", cookies: Mutex::default() }
    }

    /// Somebody who reads another language.
    pub(crate) fn reading(self, languages: &'static str) -> Self {
        Self { languages, ..self }
    }

    /// Somebody who has come in by a key.
    pub(crate) async fn by(bench: &Bench, key: &str) -> Self {
        let visit = Self::new(bench);
        let came = visit.log_in(key).await;
        assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, "/console/"), "{came:?}");
        visit
    }

    /// The same browser, which goes to another instance.
    pub(crate) fn goes_to(&self, origin: &str) -> Self {
        let cookies = Mutex::new(self.cookies.lock().unwrap().clone());
        Self { http: self.http.clone(), origin: origin.to_owned(), languages: self.languages, cookies }
    }

    pub(crate) async fn log_in(&self, key: &str) -> Came {
        self.post("/console/login", &[("key", key)]).await
    }

    pub(crate) async fn get(&self, path: &str) -> Came {
        self.send(self.request(Method::GET, path)).await
    }

    /// A page that is there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let came = self.get(path).await;
        assert_eq!(came.status, StatusCode::OK, "{path}: {came:?}");
        came.text
    }

    /// A form without a token.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Came {
        self.send(self.form(path, fields).header("sec-fetch-site", "same-origin")).await
    }

    /// A form as it stands in a page: with the hidden fields of that page.
    pub(crate) async fn submit(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Came {
        let form = form_of(page, path);
        let hidden = hidden(form);
        let mut all: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend(fields);
        self.post(path, &all).await
    }

    /// A form, to be sent with other headers.
    pub(crate) fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = self.request(Method::POST, path);
        request.header("content-type", "application/x-www-form-urlencoded").body(body.finish())
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request =
            self.http.request(method, format!("{}{path}", self.origin)).header("accept-language", self.languages);
        let cookies: Vec<_> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Came {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for set in headers.get_all("set-cookie") {
            let (name, value) = set.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                if !name.contains("language") {
                    // Whoever has it is in.
                    Said::by_this_process().secret(value);
                }
                cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        Came { status, headers, text: response.text().await.unwrap() }
    }
}

impl Came {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The form of a page that is sent to an address.
pub(crate) fn form_of<'a>(page: &'a str, path: &str) -> &'a str {
    let at = page.find(&format!("action=\"{path}\"")).unwrap_or_else(|| panic!("no form for {path} in {page}"));
    let rest = &page[at..];
    &rest[..rest.find("</form>").unwrap()]
}

/// The names and values of its hidden fields.
pub(crate) fn hidden(form: &str) -> Vec<(String, String)> {
    let inputs = form.split("<input type=\"hidden\"").skip(1);
    let value = |input: &str, name: &str| {
        let rest = input.split_once(&format!("{name}=\"")).unwrap().1;
        rest[..rest.find('"').unwrap()]
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
    };
    inputs.map(|input| (value(input, "name"), value(input, "value"))).collect()
}

/// The text of a page, without its marks.
pub(crate) fn text(page: &str) -> String {
    let mut text = String::new();
    for part in page.split('<').skip(1) {
        text.push_str(part.split_once('>').map_or("", |(_, text)| text));
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An order that is paid.
pub(crate) async fn paid(bench: &Bench, order_id: &str) {
    let token = bench.order(order_id, &["native"]).await;
    let payment = bench.pay(order_id, &token, "key-1", &native()).await;
    bench.scan_and_pay(payment.body["action"]["content"].as_str().unwrap()).await;
    bench.until(order_id, "paid").await;
}

/// Sets what goes wrong at WeChat Pay.
pub(crate) async fn faults(bench: &Bench, faults: serde_json::Value) {
    let set = bench.simulated(Method::PUT, "/simulator/faults", Some(json!(faults))).await;
    assert!(set.status.is_success(), "{set:?}");
}
