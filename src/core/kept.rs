//! What a reload needs.

use crate::contract::Method;

/// What a reload needs, kept by the browser as text ([`Effect::Remember`](super::Effect::Remember)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// The way to pay.
    pub(super) method: Option<Method>,
    /// The key of a question, and what the payment is to replace.
    pub(super) asked: Option<(String, Option<String>)>,
    /// The payer was sent elsewhere to pay.
    pub(super) away: bool,
    /// The payer was sent to log in.
    pub(super) logged_in: bool,
}

impl Kept {
    /// The texts begin with this.
    const FORM: &'static str = "wc2";

    /// Idempotency keys begin with this.
    const KEY_START: &'static str = "wc1-";

    /// The key of the `count`th question of the visit with this seed.
    pub(super) fn key(seed: u64, count: u32) -> String {
        [Self::KEY_START, &seed.to_string(), "-", &count.to_string()].concat()
    }

    /// One thing on a line; what is to be replaced comes last, as it may be anything.
    pub(super) fn to_text(&self) -> String {
        let flags = match (self.away, self.logged_in) {
            (false, false) => "",
            (true, false) => "away",
            (false, true) => "login",
            (true, true) => "away login",
        };
        let method = self.method.as_ref().map_or("", Method::id);
        let mut lines = vec![Self::FORM, flags, method];
        if let Some((key, replaces)) = &self.asked {
            lines.push(key);
            lines.extend(replaces.as_deref());
        }
        lines.join("\n")
    }

    /// Reads what was kept. None for anything that this program would not have written.
    pub(super) fn recall(text: &str) -> Option<Self> {
        let mut lines = text.splitn(5, '\n');
        if lines.next() != Some(Self::FORM) {
            return None;
        }
        let (away, logged_in) = match lines.next()? {
            "" => (false, false),
            "away" => (true, false),
            "login" => (false, true),
            "away login" => (true, true),
            _ => return None,
        };
        let method = Some(lines.next()?).filter(|id| !id.is_empty()).map(|id| Method::from(id.to_owned()));
        let asked = match lines.next() {
            Some(key) => {
                let rest = key.strip_prefix(Self::KEY_START)?;
                let plain =
                    !rest.is_empty() && rest.len() <= 32 && rest.bytes().all(|b| b.is_ascii_digit() || b == b'-');
                if !plain {
                    return None;
                }
                Some((key.to_owned(), lines.next().map(str::to_owned)))
            }
            None => None,
        };
        Some(Self { method, asked, away, logged_in })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again_and_nothing_else() {
        for replaces in [None, Some("p1".to_owned()), Some("with\nlines".to_owned())] {
            for (method, away, logged_in) in
                [(None, false, false), (Some(Method::H5), true, false), (Some(Method::Jsapi), false, true)]
            {
                let asked = Some((Kept::key(0xfeed, 3), replaces.clone()));
                for asked in [None, asked] {
                    let kept = Kept { method: method.clone(), asked, away, logged_in };
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
