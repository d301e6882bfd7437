//! Where the cashier is about to go, if the page around it has nothing against it.

use super::{Passage, Stamp};

/// Navigations that the host has been told of and has not answered yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Navigations(Vec<Navigation>);

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct Navigation {
    pub(super) stamp: Stamp,
    pub(super) url: String,
    pub(super) passage: Passage,
}

impl Navigations {
    /// One more.
    pub(super) fn add(&mut self, navigation: Navigation) {
        self.0.push(navigation);
    }

    /// The one of this stamp, once.
    pub(super) fn take(&mut self, stamp: Stamp) -> Option<Navigation> {
        let index = self.0.iter().position(|navigation| navigation.stamp == stamp)?;
        Some(self.0.swap_remove(index))
    }

    /// None of them is answered any more.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}
