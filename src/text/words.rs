//! What a cashier says: one language, as it is built in or as the integrator has it.

use std::sync::Arc;

use super::{Lang, Text};

/// What a cashier says, in one language. Cheap to clone.
///
/// Any language can be put in, and any text of a built-in one be replaced:
///
/// ```
/// use wechat_cashier::text::{Lang, Text, Words};
///
/// let words = Words::by("en-GB", |text| match text {
///     Text::Paid => "Thank you, that is paid.",
///     other => Lang::En.say(other),
/// });
/// assert_eq!(words.say(Text::Paid), "Thank you, that is paid.");
/// assert_eq!(words.say(Text::Loading), Lang::En.say(Text::Loading));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The tag, and the texts in the order of [`Text::ALL`].
    list: Arc<(String, Vec<String>)>,
}

/// Languages that are written from right to left, by the script that each has where none is named (CLDR, likely subtags).
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

impl Words {
    /// Words in the order of [`Text::ALL`], in the language of this tag (BCP 47). A text that is missing is empty.
    ///
    /// This is how words come into the wasm: those of the language that is wanted, and of no other.
    pub fn new(tag: &str, texts: Vec<String>) -> Self {
        Self { list: Arc::new((tag.to_owned(), texts)) }
    }

    /// The words that `say` gives for each text; `{}` in them stands where [`fill`](super::fill) puts a value.
    pub fn by(tag: &str, say: impl Fn(Text) -> &'static str) -> Self {
        Self::new(tag, Text::ALL.iter().map(|text| say(*text).to_owned()).collect())
    }

    /// The tag for `lang` attributes and `Intl` (BCP 47).
    pub fn tag(&self) -> &str {
        &self.list.0
    }

    /// Whether they are written from right to left.
    pub fn are_rtl(&self) -> bool {
        let is = |language: &&str| match self.tag().split_at_checked(language.len()) {
            Some((first, rest)) => {
                first.eq_ignore_ascii_case(language) && matches!(rest.as_bytes().first(), None | Some(b'-' | b'_'))
            }
            None => false,
        };
        RIGHT_TO_LEFT.iter().any(is)
    }

    /// The words of this text.
    pub fn say(&self, text: Text) -> String {
        self.text(text).to_owned()
    }

    #[inline(never)]
    pub(crate) fn text(&self, text: Text) -> &str {
        self.list.1.get(text as usize).map_or("", String::as_str)
    }
}

impl From<Lang> for Words {
    fn from(lang: Lang) -> Self {
        Self::by(lang.tag(), |text| lang.say(text))
    }
}
