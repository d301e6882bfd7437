//! The most bytes that may go over the wire, after brotli: `budget.json`.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use xshell::Shell;

use crate::sizes::Size;

/// Fails when a kind of file, or all of them together, are over the budget.
pub(crate) fn check(sh: &Shell, sizes: &[(&str, Size)]) -> anyhow::Result<()> {
    let budget = serde_json::from_str(&sh.read_file("budget.json")?).context("budget.json")?;
    let over = over(&budget, sizes)?;
    ensure!(over.is_empty(), "over the budget (budget.json): {}", over.join(", "));
    Ok(())
}

fn over(budget: &BTreeMap<String, u64>, sizes: &[(&str, Size)]) -> anyhow::Result<Vec<String>> {
    let mut over = Vec::new();
    for (name, size) in sizes {
        let most = *budget.get(*name).with_context(|| format!("budget.json does not say how much {name} may have"))?;
        if size.brotli > most {
            over.push(format!(
                "{name} has {} bytes after brotli, {} more than its {most}",
                size.brotli,
                size.brotli - most
            ));
        }
    }
    Ok(over)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::over;
    use crate::sizes::Size;

    fn sizes(brotli: u64) -> [(&'static str, Size); 1] {
        [("wasm", Size { raw: 9_999, gzip: 9_999, brotli })]
    }

    #[test]
    fn only_what_is_over_is_named() -> anyhow::Result<()> {
        let budget = BTreeMap::from([("wasm".to_owned(), 100)]);
        assert!(over(&budget, &sizes(100))?.is_empty());
        assert_eq!(over(&budget, &sizes(101))?, ["wasm has 101 bytes after brotli, 1 more than its 100"]);
        Ok(())
    }

    #[test]
    fn a_kind_without_a_budget_is_an_error() {
        assert!(over(&BTreeMap::new(), &sizes(1)).is_err());
    }
}
