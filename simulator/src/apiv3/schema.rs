//! Holds a body against the documented fields: nothing missing, nothing else, the right types, lengths and characters.

use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use super::error::ApiError;

/// A field of an object.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    /// As messages call it.
    pub(super) title: &'static str,
    pub(super) required: bool,
    pub(super) kind: Kind,
}

/// What a field may be.
#[derive(Debug)]
pub(super) enum Kind {
    /// A text of so many bytes.
    Text(usize, usize),
    /// A text of so many bytes, all of which pass; and how the platform writes that down.
    Chars(usize, usize, fn(&str) -> bool, &'static str),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number in these bounds.
    Int(i64, i64),
    /// One of these numbers.
    Number(&'static [i64]),
    /// True or false.
    Bool,
    /// RFC 3339, to the second.
    Time,
    /// An object.
    Object(&'static [Field]),
    /// So many of the same.
    List(usize, &'static Kind),
}

pub(super) const fn must(name: &'static str, title: &'static str, kind: Kind) -> Field {
    Field { name, title, required: true, kind }
}

pub(super) const fn may(name: &'static str, title: &'static str, kind: Kind) -> Field {
    Field { name, title, required: false, kind }
}

/// Checks a whole body, whose fields come in groups.
pub(super) fn check(body: &Value, groups: &[&[Field]]) -> Result<(), ApiError> {
    object(body, groups, "", "请求体")
}

fn object(value: &Value, groups: &[&[Field]], at: &str, title: &str) -> Result<(), ApiError> {
    let Some(object) = value.as_object() else { return Err(wrong_type(value, at, title, "JSON对象")) };
    let fields = || groups.iter().copied().flatten();
    for field in fields() {
        let at = format!("{at}/{}", field.name);
        match object.get(field.name) {
            Some(value) => self::value(value, &field.kind, &at, field.title)?,
            None if field.required => return Err(missing(&at, field.title)),
            None => {}
        }
    }
    // What is wrong with a known field is said before what is unknown.
    match object.keys().find(|name| fields().all(|field| field.name != name.as_str())) {
        Some(name) => Err(ApiError::unknown("body", &format!("{at}/{name}"))),
        None => Ok(()),
    }
}

fn value(value: &Value, kind: &Kind, at: &str, title: &str) -> Result<(), ApiError> {
    match kind {
        Kind::Text(min, max) => text(value, at, title).and_then(|text| length(text, *min, *max, at, title)),
        Kind::Chars(min, max, passes, pattern) => {
            let text = text(value, at, title)?;
            length(text, *min, *max, at, title)?;
            if passes(text) { Ok(()) } else { Err(mismatch(text, at, title, pattern)) }
        }
        Kind::OneOf(words) => {
            let text = text(value, at, title)?;
            if words.contains(&text) { Ok(()) } else { Err(not_listed(value, at, title)) }
        }
        Kind::Int(min, max) => {
            let number = value.as_i64().ok_or_else(|| wrong_type(value, at, title, "合法的 64 位有符号整数"))?;
            if number < *min {
                return Err(out_of_range(value, at, title, &format!("小于最小值 {min}")));
            }
            if number > *max {
                return Err(out_of_range(value, at, title, &format!("大于最大值 {max}")));
            }
            Ok(())
        }
        Kind::Number(numbers) => {
            let number = value.as_i64().ok_or_else(|| wrong_type(value, at, title, "合法的 64 位有符号整数"))?;
            if numbers.contains(&number) { Ok(()) } else { Err(not_listed(value, at, title)) }
        }
        Kind::Bool => match value {
            Value::Bool(_) => Ok(()),
            _ => Err(wrong_type(value, at, title, "合法的布尔值")),
        },
        Kind::Time => {
            let text = text(value, at, title)?;
            length(text, 1, 64, at, title)?;
            let is_time = text.contains('T') && !text.contains('.') && Timestamp::parse(text).is_some();
            if is_time { Ok(()) } else { Err(mismatch(text, at, title, "yyyy-MM-DDTHH:mm:ss+TIMEZONE")) }
        }
        Kind::Object(fields) => object(value, &[fields], at, title),
        Kind::List(max, kind) => {
            let list = value.as_array().ok_or_else(|| wrong_type(value, at, title, "JSON数组"))?;
            if list.len() > *max {
                return Err(out_of_range(&list.len().into(), at, title, &format!("大于最大值 {max}")));
            }
            let mut each = list.iter().enumerate();
            each.try_for_each(|(index, one)| self::value(one, kind, &format!("{at}/{index}"), title))
        }
    }
}

fn text<'a>(value: &'a Value, at: &str, title: &str) -> Result<&'a str, ApiError> {
    let text = value.as_str().ok_or_else(|| wrong_type(value, at, title, "合法的字符串"))?;
    // Characters of four bytes are not taken (https://wechatpay-api.gitbook.io/wechatpay-api-v3/wei-xin-zhi-fu-api-v3-jie-kou-gui-fan).
    match text.chars().find(|char| char.len_utf8() > 3) {
        Some(_) => Err(mismatch(text, at, title, "UTF8编码，1至3个字节")),
        None => Ok(text),
    }
}

/// The platform counts bytes.
fn length(text: &str, min: usize, max: usize, at: &str, title: &str) -> Result<(), ApiError> {
    let bytes = text.len();
    let bound = match bytes {
        _ if bytes < min => format!("小于最小值 {min}"),
        _ if bytes > max => format!("大于最大值 {max}"),
        _ => return Ok(()),
    };
    let said = format!("{}字符串规则校验失败，字节数 {bytes}，{bound}", source(at, title));
    Err(ApiError::range("body", at, bytes.into(), said))
}

fn source(at: &str, title: &str) -> String {
    format!("输入源“/body{at}”映射到值字段“{title}”")
}

fn missing(at: &str, title: &str) -> ApiError {
    let error =
        ApiError::field("body", at, "".into(), format!("{}必填性规则校验失败，此字段为必填项", source(at, title)));
    if at == "/payer" || at == "/payer/openid" { error.no_openid() } else { error }
}

fn mismatch(text: &str, at: &str, title: &str, pattern: &str) -> ApiError {
    let said = format!("{}字符串规则校验失败，字符串必须匹配正则表达式“{pattern}”", source(at, title));
    ApiError::field("body", at, text.into(), said)
}

fn not_listed(value: &Value, at: &str, title: &str) -> ApiError {
    ApiError::range("body", at, value.clone(), format!("{}枚举规则校验失败，不在可选取值中", source(at, title)))
}

fn out_of_range(value: &Value, at: &str, title: &str, bound: &str) -> ApiError {
    let said = format!("{}数值规则校验失败，数值 {value}，{bound}", source(at, title));
    ApiError::range("body", at, value.clone(), said)
}

fn wrong_type(value: &Value, at: &str, title: &str, wanted: &str) -> ApiError {
    let said = format!("无法将JSON输入源“/body{at}”映射到目标字段“{title}”中，此字段需要一个{wanted}");
    ApiError::field("body", at, value.clone(), said)
}
