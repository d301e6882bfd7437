//! The time left.

use leptos::prelude::*;

use crate::text::{Lang, Text};

/// Below so many seconds the time left is shown as short.
const SHORT_S: u64 = 60;

/// The time left, as digits and as a bar that is full when it first appears. Nothing, where a code has no end.
pub(super) fn countdown(seconds: Memo<Option<u64>>, lang: Lang) -> impl IntoView {
    let whole = seconds.get_untracked().unwrap_or(1).max(1);
    let short = move || seconds.get().is_some_and(|left| left <= SHORT_S);
    let share = move || {
        let left = seconds.get().unwrap_or(0).min(whole);
        ["transform:scaleX(", &thousandths(left, whole), ")"].concat()
    };
    let digits = move || seconds.get().map(clock_face).unwrap_or_default();
    view! {
        <div class="wc-left" class:wc-short=short hidden=move || seconds.with(Option::is_none)>
            <p>{lang.say(Text::TimeLeft)} " " <span class="wc-digits" role="timer" aria-live="off">{digits}</span></p>
            <div class="wc-track" aria-hidden="true">
                <div class="wc-rest" style=share></div>
            </div>
        </div>
    }
}

/// `left` of `whole` as a decimal fraction of three digits.
fn thousandths(left: u64, whole: u64) -> String {
    let parts = left * 1000 / whole;
    if parts >= 1000 {
        return "1".to_owned();
    }
    let digits = (1000 + parts).to_string();
    ["0.", &digits[1..]].concat()
}

/// `14:59`, or `1:59:59` from an hour on.
fn clock_face(seconds: u64) -> String {
    let two = |number: u64| {
        let digits = (100 + number).to_string();
        digits[1..].to_owned()
    };
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => [&two(minutes), ":", &two(seconds)].concat(),
        _ => [&hours.to_string(), ":", &two(minutes), ":", &two(seconds)].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_reads_like_a_clock() {
        for (seconds, face) in [(0, "00:00"), (59, "00:59"), (900, "15:00"), (3599, "59:59"), (7199, "1:59:59")] {
            assert_eq!(clock_face(seconds), face);
        }
    }

    #[test]
    fn the_bar_shrinks_with_the_time() {
        for (left, whole, share) in [(900, 900, "1"), (450, 900, "0.500"), (1, 900, "0.001"), (0, 900, "0.000")] {
            assert_eq!(thousandths(left, whole), share);
        }
    }
}
