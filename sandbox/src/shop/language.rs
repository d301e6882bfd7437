//! The shop's three languages.

/// A language the cashier page can be opened in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Mainland,
    HongKong,
    English,
}

impl Language {
    pub(crate) const ALL: [Self; 3] = [Self::Mainland, Self::HongKong, Self::English];

    /// The BCP 47 tag, as the cashier page takes it.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Mainland => "zh-CN",
            Self::HongKong => "zh-HK",
            Self::English => "en",
        }
    }

    /// Its own name for itself.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mainland => "简体中文",
            Self::HongKong => "繁體中文",
            Self::English => "English",
        }
    }

    /// The language of a tag; Chinese of the mainland for one it does not know.
    pub(crate) fn from_tag(tag: &str) -> Self {
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag)).unwrap_or(Self::Mainland)
    }
}
