//! Bars of how many, and the numbers beside them: a list, which says all of it also to who sees no bar. Widths are attributes of SVG,
//! since pages may have no styles of their own.

use leptos::prelude::*;

/// How long the longest one is, in units of the picture.
const LONGEST: i64 = 1000;

/// One of them.
pub(super) struct Bar {
    /// What is counted.
    pub(super) name: &'static str,
    /// What that means.
    pub(super) hint: Option<&'static str>,
    /// How many.
    pub(super) count: i64,
    /// How many in words.
    pub(super) words: String,
    /// Which part of what.
    pub(super) share: Option<String>,
}

/// All of them, the longest as long as `most`. `kind` is one of the style sheet's.
pub(super) fn bars(kind: &'static str, labelled_by: &'static str, bars: Vec<Bar>, most: i64) -> AnyView {
    let items: Vec<_> = bars.into_iter().map(|bar| item(bar, most)).collect();
    view! { <ol class=format!("bars card {kind}") aria-labelledby=labelled_by>{items}</ol> }.into_any()
}

fn item(Bar { name, hint, count, words, share }: Bar, most: i64) -> AnyView {
    let hint = hint.map(|hint| view! { <span class="under">{hint}</span> });
    let share = share.map(|share| view! { " "<span class="share">{share}</span> });
    view! {
        <li>
            <div class="what"><span>{name}</span>{hint}</div>
            <svg class="bar" viewBox=format!("0 0 {LONGEST} 1") preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect class="length" width=length(count, most).to_string() height="1"></rect>
            </svg>
            <div class="how-many"><strong>{words}</strong>{share}</div>
        </li>
    }
    .into_any()
}

/// What there is any of is seen.
fn length(count: i64, most: i64) -> i64 {
    match count > 0 && most > 0 {
        true => (count.saturating_mul(LONGEST) / most).clamp(LONGEST / 200, LONGEST),
        false => 0,
    }
}

/// `62.5%`; of nothing there is no part.
pub(super) fn percent(part: i64, whole: i64) -> Option<String> {
    if whole <= 0 {
        return None;
    }
    let tenths = part.saturating_mul(1000).saturating_add(whole / 2) / whole;
    Some(match tenths % 10 {
        0 => format!("{}%", tenths / 10),
        tenth => format!("{}.{tenth}%", tenths / 10),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_rounded_to_a_tenth() {
        let parts = [(5, 8), (1, 3), (2, 3), (3, 3), (0, 3), (5, 3), (1, 0)].map(|(part, whole)| percent(part, whole));
        let texts = ["62.5%", "33.3%", "66.7%", "100%", "0%", "166.7%"].map(|text| Some(text.to_owned()));
        assert_eq!(parts, [&texts[..], &[None]].concat()[..]);
    }

    #[test]
    fn bars_are_as_long_as_their_counts_and_never_longer_than_their_place() {
        let lengths = [(8, 8), (4, 8), (1, 100_000), (0, 8), (9, 8), (0, 0)].map(|(count, most)| length(count, most));
        assert_eq!(lengths, [1000, 500, 5, 0, 1000, 0]);
    }
}
