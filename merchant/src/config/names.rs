//! The names of keys: in the file, and in the environment.

/// With what each variable of the configuration begins.
const PREFIX: &str = "WCM_";

/// The variable that overrides a key: `wechat_pay.mchid` is `WCM_WECHAT_PAY__MCHID`, and
/// `wechat_pay.public_keys[0].id` is `WCM_WECHAT_PAY__PUBLIC_KEYS__0__ID`.
#[must_use]
pub fn variable(key: &str) -> String {
    let path = key.replace(['.', '['], "__").replace(']', "");
    [PREFIX, &path.to_uppercase()].concat()
}

/// Whether a variable means to be one of the configuration.
pub(super) fn is_ours(variable: &str) -> bool {
    variable.starts_with(PREFIX)
}

/// A key with the places of lists left out: `wechat_pay.public_keys[].id`.
pub(super) fn pattern(key: &str) -> String {
    let mut pattern = String::new();
    let mut within = false;
    for sign in key.chars() {
        within = match sign {
            '[' => true,
            ']' => false,
            _ => within,
        };
        if !within || sign == '[' {
            pattern.push(sign);
        }
    }
    pattern
}

/// A variable with the places of lists left out, as [`variable`] makes it of a [`pattern`].
pub(super) fn variable_pattern(variable: &str) -> String {
    let parts = variable.split("__");
    let parts: Vec<_> = parts.map(|part| if part.parse::<usize>().is_ok() { "" } else { part }).collect();
    parts.join("__")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_variables_correspond() {
        assert_eq!(variable("listen"), "WCM_LISTEN");
        assert_eq!(variable("wechat_pay.apiv3_key"), "WCM_WECHAT_PAY__APIV3_KEY");
        let key = "wechat_pay.public_keys[12].id";
        assert_eq!(variable(key), "WCM_WECHAT_PAY__PUBLIC_KEYS__12__ID");
        assert_eq!(pattern(key), "wechat_pay.public_keys[].id");
        assert_eq!(variable_pattern(&variable(key)), variable(&pattern(key)));
    }
}
