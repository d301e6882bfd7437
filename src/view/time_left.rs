//! The time left.

use crate::text::{Text, Words};

use super::build::{block, line};
use super::element::Element;

/// With fewer seconds left than this, the payer is told that time is running out.
pub(crate) const SHORT_S: u64 = 60;

/// The time left, as digits and as a bar that is full at `whole_s` seconds.
pub(super) fn time_left(left_s: u64, whole_s: u64, words: &Words) -> Element {
    let scale = ["scaleX(", &thousandths(left_s.min(whole_s), whole_s), ")"].concat();
    let class = if left_s <= SHORT_S { "wc-time wc-short" } else { "wc-time" };
    let digits = line("wc-digits", clock_face(left_s));
    let face = block("wc-clock").holding(line("", words.say(Text::TimeLeft))).holding(digits);
    let rest = block("wc-rest").with("style:transform", scale);
    block(class).holding(face).holding(block("wc-track").holding(rest))
}

/// `left` of `whole` as a decimal fraction of three digits.
fn thousandths(left: u64, whole: u64) -> String {
    let parts = left * 1000 / whole.max(1);
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
