//! What of a day's report a shop is told: its own, and what is nobody's.

use std::collections::BTreeMap;

use super::report::{Compared, Difference, Part, Report, Side, State};
use crate::domain::ONE_SHOP;

/// Under this id stands what is in the bill and no order's.
const NOBODY: &str = "";

impl Report {
    /// The report as one shop reads it. What is in the bill and no order's, each shop of that merchant number reads: it may be its.
    #[must_use]
    pub fn of_shop(&self, shop: &str) -> Self {
        let compared = self.compared.as_ref().map(|compared| compared.of_shop(shop));
        let state = match &compared {
            Some(compared) if compared.count() == 0 => State::Ok,
            Some(_) => State::Different,
            None => self.state,
        };
        Self { state, compared, sub_mchid: self.sub_mchid.clone(), why: self.why.clone(), ..*self }
    }
}

impl Compared {
    fn of_shop(&self, shop: &str) -> Self {
        // One of before there could be several shops.
        if self.shops.is_empty() && shop == ONE_SHOP {
            return self.clone();
        }
        let mut part = Part::default();
        for known in [shop, NOBODY].iter().filter_map(|id| self.shops.get(*id)) {
            part.there.add(&known.there);
            part.here.add(&known.here);
            known.kinds.iter().for_each(|(kind, count)| *part.kinds.entry(*kind).or_default() += count);
        }
        let is_its = |difference: &&Difference| match (&difference.shop, &difference.order_id) {
            (Some(of), _) => of == shop,
            (None, None) => true,
            (None, Some(_)) => shop == ONE_SHOP,
        };
        let own = self.differences.iter().filter(is_its);
        Self {
            there: part.there,
            here: part.here,
            kinds: part.kinds,
            differences: own.map(|difference| Difference { shop: None, ..difference.clone() }).collect(),
            shops: BTreeMap::new(),
        }
    }
}

impl Side {
    fn add(&mut self, other: &Self) {
        self.payments += other.payments;
        self.refunds += other.refunds;
        for (sums, more) in [(&mut self.paid, &other.paid), (&mut self.refunded, &other.refunded)] {
            for (currency, value) in more {
                let sum = sums.entry(currency.clone()).or_default();
                *sum = sum.saturating_add(*value);
            }
        }
    }
}
