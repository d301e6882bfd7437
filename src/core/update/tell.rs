//! What the page around the cashier is told.

use crate::core::navigation::Navigation;
use crate::core::{Effect, News, Passage, ReportedError};

use super::Step;

impl Step<'_> {
    /// Something is wrong that takes nothing from the payer: the host is told, once.
    pub(super) fn note(&mut self, code: &'static str, detail: String) {
        let note = ReportedError { code, detail: Some(detail), fatal: false };
        if self.state.told.is_note_news(&note) {
            self.news.push(News::Error(note));
        }
    }

    /// Asks the host whether it has anything against going there.
    pub(super) fn go(&mut self, url: String, passage: Passage) {
        let stamp = self.state.last_stamp.next();
        self.state.navigations.add(Navigation { stamp, url: url.clone(), passage });
        self.news.push(News::Navigate { stamp, url, passage });
    }

    /// Everything that is news by now, after all other effects.
    pub(super) fn tell(&mut self) {
        let screen = self.state.screen(self.now);
        let expires_at = self.state.order.as_ref().map(|order| order.expires_at);
        let news = self.state.told.take(screen.report(), self.state.error_on(&screen), expires_at);
        // What this event brought about follows from the screen that is there now.
        let brought = core::mem::take(&mut self.news);
        let (before, after): (Vec<_>, Vec<_>) = brought.into_iter().partition(|news| matches!(news, News::Measure(_)));
        let all = before.into_iter().chain(news).chain(after);
        self.effects.extend(all.map(Effect::Tell));
    }
}
