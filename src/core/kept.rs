//! What a reload needs.

use crate::contract::Method;

/// What the browser keeps for an order is under a name that begins so; the backend's prefix follows, a blank, and the order.
pub(crate) const KEPT: &str = "wechat-cashier ";

/// Idempotency keys begin with this.
pub(crate) const KEY_START: &str = "wc1-";

/// What is kept once a Native payment was asked for with this key.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn kept_question(key: &str) -> String {
    let asked = Some(Question { key: key.to_owned(), replaces: None, recalled: false });
    Kept { method: Some(Method::Native), asked, ..Kept::default() }.to_text()
}

/// What a reload needs, kept by the browser as text ([`Effect::Remember`](super::Effect::Remember)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// The way to pay.
    pub(super) method: Option<Method>,
    /// The question that was asked last, if it may be asked again.
    pub(super) asked: Option<Question>,
    /// The payer was sent elsewhere to pay.
    pub(super) away: bool,
    /// The payer was sent to log in.
    pub(super) logged_in: bool,
    /// The order is paid, and the payer was led back to the shop: a page that is come back to does not lead away again.
    pub(super) left: bool,
}

/// The name of a question for a payment. Every retry asks with the same key and body, so that the backend makes one payment
/// of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// The idempotency key.
    pub(super) key: String,
    /// What the payment is to replace.
    pub(super) replaces: Option<String>,
    /// It was asked in an earlier visit, so the payment it stands for may have expired since.
    pub(super) recalled: bool,
}

impl Kept {
    /// The texts begin with this.
    const FORM: &'static str = "wc2";

    /// The key of the `count`th question of the visit with this seed.
    pub(super) fn key(seed: u64, count: u32) -> String {
        [KEY_START, &seed.to_string(), "-", &count.to_string()].concat()
    }

    /// One thing on a line; what is to be replaced comes last, as it may be anything.
    pub(super) fn to_text(&self) -> String {
        let flags = words(&[(self.away, AWAY), (self.logged_in, LOG_IN), (self.left, LEFT)]);
        let mut text = [Self::FORM, "\n", &flags, "\n", self.method.as_ref().map_or("", Method::id)].concat();
        let asked = self.asked.iter();
        for line in asked.flat_map(|Question { key, replaces, .. }| [Some(key), replaces.as_ref()]).flatten() {
            text.push('\n');
            text.push_str(line);
        }
        text
    }

    /// Reads what was kept. None for anything that this program would not have written.
    pub(super) fn recall(text: &str) -> Option<Self> {
        let mut lines = text.splitn(5, '\n');
        if lines.next() != Some(Self::FORM) {
            return None;
        }
        let mut kept = Self::default();
        for flag in lines.next()?.split(' ') {
            match flag {
                "" => {}
                AWAY => kept.away = true,
                LOG_IN => kept.logged_in = true,
                LEFT => kept.left = true,
                _ => return None,
            }
        }
        kept.method = Some(lines.next()?).filter(|id| !id.is_empty()).map(|id| Method::from(id.to_owned()));
        if let Some(key) = lines.next() {
            let rest = key.strip_prefix(KEY_START)?;
            let plain = !rest.is_empty() && rest.len() <= 32 && rest.bytes().all(|b| b.is_ascii_digit() || b == b'-');
            if !plain {
                return None;
            }
            let (key, replaces) = (key.to_owned(), lines.next().map(str::to_owned));
            kept.asked = Some(Question { key, replaces, recalled: true });
        }
        Some(kept)
    }

    /// Whether there is a question of an earlier visit that has not been asked again yet.
    pub(super) fn is_recalled(&self) -> bool {
        self.asked.as_ref().is_some_and(|question| question.recalled)
    }

    /// What was asked in an earlier visit counts for nothing any more.
    pub(super) fn forget_recalled(&mut self) {
        self.asked = self.asked.take().filter(|question| !question.recalled);
    }
}

/// The words that hold, with a blank between two.
pub(super) fn words(words: &[(bool, &str)]) -> String {
    let mut text = String::new();
    for (_, word) in words.iter().filter(|(holds, _)| *holds) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

const AWAY: &str = "away";
const LOG_IN: &str = "login";
const LEFT: &str = "left";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again_and_nothing_else() {
        for replaces in [None, Some("p1".to_owned()), Some("with\nlines".to_owned())] {
            for (method, away, logged_in, left) in [
                (None, false, false, true),
                (Some(Method::H5), true, false, false),
                (Some(Method::Jsapi), true, true, true),
            ] {
                let asked = Question { key: Kept::key(0xfeed, 3), replaces: replaces.clone(), recalled: true };
                for asked in [None, Some(asked)] {
                    let kept = Kept { method: method.clone(), asked, away, logged_in, left };
                    assert_eq!(Kept::recall(&kept.to_text()), Some(kept));
                }
            }
        }
        let foreign = ["", "wc1-1-1", "wc2", "wc2\n\n\n", "wc2\nx\n", "wc2\n\n\nwc1-<script>", "wc2\n\n\nwc2-00-1"];
        for foreign in foreign {
            assert_eq!(Kept::recall(foreign), None, "{foreign}");
        }
        assert_eq!(Kept::recall(&["wc2\n\n\n", &"wc1-0".repeat(40)].concat()), None);
    }
}
