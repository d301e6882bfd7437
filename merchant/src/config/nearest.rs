//! The known word that is nearest to a misspelt one.

/// The known key that is nearest to `key`: the same name in another table, or one that differs by few letters.
pub(super) fn nearest<'a>(key: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|it| {
            let whole = distance(key, it);
            // A right name in the wrong table is the commonest slip: in TOML a key belongs to the table above it.
            let named = if last(key) == last(it) { 1 } else { usize::MAX };
            (whole.min(named), whole, it)
        })
        .filter(|(by, _, _)| *by <= 1.max(last(key).chars().count() / 3))
        .min_by_key(|(by, whole, _)| (*by, *whole))
        .map(|(_, _, it)| it)
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// By how many letters put in, left out, changed, or swapped with the next, two words differ.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut next = vec![at + 1];
        for (to, wanted) in other.iter().enumerate() {
            let changed = row[to] + usize::from(letter != wanted);
            let mut least = changed.min(row[to + 1] + 1).min(next[to] + 1);
            let swapped = at > 0 && to > 0 && one[at - 1] == *wanted && other[to - 1] == *letter;
            if swapped {
                least = least.min(before[to - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_found_and_nothing_far_away() {
        let known = ["listen", "public_url", "wechat_pay.mchid", "wechat_pay.apiv3_key_file", "shop.name"];
        let near = |key| nearest(key, known.into_iter());
        assert_eq!(near("wechat_pay.mch_id"), Some("wechat_pay.mchid"));
        assert_eq!(near("wechat_pay.apiv3_key_fiel"), Some("wechat_pay.apiv3_key_file"));
        assert_eq!(near("mchid"), Some("wechat_pay.mchid"), "in the wrong table");
        assert_eq!(near("lisetn"), Some("listen"), "two letters swapped");
        assert_eq!(near("colour"), None);
    }

    #[test]
    fn swapped_letters_differ_by_one() {
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("abc", "ca"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
