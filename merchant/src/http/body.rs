//! What the shop sends, as a value.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;

use crate::service::Problem;

/// How long a body of the shop's may be. The longest that is of use, an order with each field at its bound, is a fifth of it.
pub(super) const BODY_BYTES_MAX: usize = 64 * 1024;

/// A body that has to be there.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

/// A body that may be left out, which is one without fields: nothing is needed.
#[derive(Debug)]
pub(super) struct Optional<T>(pub(super) T);

impl<T: for<'de> Deserialize<'de>, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        read(&whole(request, state).await?).map(Self)
    }
}

impl<T: Default + for<'de> Deserialize<'de>, S: Send + Sync> FromRequest<S> for Optional<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = whole(request, state).await?;
        if body.is_empty() { Ok(Self(T::default())) } else { read(&body).map(Self) }
    }
}

/// All of it, up to the bound that the routes have.
async fn whole(request: Request, state: &(impl Send + Sync)) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::invalid(format!("the body has more than {BODY_BYTES_MAX} bytes")),
        _ => Problem::invalid("the body did not come whole"),
    })
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body)
        // To JSON Schema 5.0 is an integer, and there are writers of JSON that have no other numbers.
        .or_else(|error| serde_json::from_slice(&without_zero_fractions(body)).map_err(|_| error))
        .map_err(|error| Problem::invalid(format!("the body cannot be read: {error}")))
}

/// The same JSON with 5 for 5.0.
fn without_zero_fractions(body: &[u8]) -> Vec<u8> {
    let mut shorter = Vec::with_capacity(body.len());
    let (mut is_text, mut at) = (false, 0);
    while let Some(&byte) = body.get(at) {
        let rest = body.get(at + 1..).unwrap_or_default();
        match byte {
            b'"' => is_text = !is_text,
            // Whatever follows is of the text.
            b'\\' if is_text => {
                shorter.push(byte);
                shorter.extend(rest.first());
                at += 2;
                continue;
            }
            b'.' if !is_text => {
                let zeros = rest.iter().take_while(|digit| **digit == b'0').count();
                let ends = rest.get(zeros).is_none_or(|next| !next.is_ascii_digit() && !matches!(next, b'e' | b'E'));
                if zeros > 0 && ends {
                    at += 1 + zeros;
                    continue;
                }
            }
            _ => {}
        }
        shorter.push(byte);
        at += 1;
    }
    shorter
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn an_integer_may_be_written_with_a_fraction_of_nothing() {
        let shorter = |text: &str| String::from_utf8(without_zero_fractions(text.as_bytes())).unwrap();
        assert_eq!(shorter(r#"{"a":5.0,"b":[-3.00, 0.0]}"#), r#"{"a":5,"b":[-3, 0]}"#);
        for same in [r#"{"a":5.5,"b":5.05,"c":1.0e3}"#, r#"{"a":"5.0","b":"\"5.0","c":"\\","d":5}"#, "5.", "", "\"5.0"]
        {
            assert_eq!(shorter(same), same);
        }
        assert_eq!(read::<u32>(b"11485.0"), Ok(11_485));
        let refused = read::<u32>(b"11485.5").unwrap_err();
        assert_eq!(
            refused.detail,
            "the body cannot be read: invalid type: floating point `11485.5`, expected u32 at line 1 column 7"
        );
        assert_eq!(read::<Value>(b"[5.0]"), Ok(json!([5.0])));
    }
}
