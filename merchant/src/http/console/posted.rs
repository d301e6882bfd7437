//! A form that is one of ours: it comes from a page of this origin, and shows its session's token.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};

use super::refusal::Refusal;
use super::visitor::Visitor;
use crate::http::{Served, Site};

/// Forms here are small.
const BYTES_MAX: usize = 16 * 1024;

/// The fields of a form.
#[derive(Debug)]
pub(super) struct Posted(Vec<(String, String)>);

impl Posted {
    /// A field's value, without the white space around it. One that is not there is empty.
    pub(super) fn field(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }
}

impl FromRequest<Served> for Posted {
    type Rejection = Refusal;

    async fn from_request(request: Request, served: &Served) -> Result<Self, Refusal> {
        let visitor = request.extensions().get::<Visitor>().cloned().ok_or(Refusal::NotOurs)?;
        if !is_from_here(&served.site, request.headers()) {
            tracing::warn!(path = request.uri().path(), "a form of another origin was refused");
            return Err(Refusal::NotOurs);
        }
        let body = Bytes::from_request(request, served).await.map_err(|_| Refusal::NotOurs)?;
        if body.len() > BYTES_MAX {
            return Err(Refusal::NotOurs);
        }
        let posted = Self(url::form_urlencoded::parse(&body).into_owned().collect());
        // Before somebody is in there is no session that another site could use.
        let is_shown = visitor.session().is_none_or(|session| session.is_token(posted.field("token")));
        if is_shown { Ok(posted) } else { Err(Refusal::NotOurs) }
    }
}

/// By what the browser says of it, which no page can change. An old one says only the origin.
fn is_from_here(site: &Site, headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match text(header::HeaderName::from_static("sec-fetch-site")) {
        Some(said) => said == "same-origin",
        None => text(header::ORIGIN) == Some(&site.public_url.origin().ascii_serialization()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_without_the_space_around_it() {
        let posted = Posted(vec![("amount".to_owned(), " 5.20 ".to_owned())]);
        assert_eq!((posted.field("amount"), posted.field("reason")), ("5.20", ""));
    }
}
