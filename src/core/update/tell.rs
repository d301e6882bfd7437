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

    /// Everything that is news by now, after all other effects: first where to measure, then what the screen says, and last
    /// what else this event brought about, which follows from the screen that is there now.
    pub(super) fn tell(&mut self) {
        let screen = self.state.screen(self.now);
        let (report, error) = (screen.report(), self.state.error_on(&screen));
        let expires_at = self.state.order.as_ref().map(|order| order.expires_at);
        let effects = &mut self.effects;
        effects.extend(self.measure.take().map(|url| Effect::Tell(News::Measure(url))));
        self.state.told.take(report, error, expires_at, &mut |news| effects.push(Effect::Tell(news)));
        effects.extend(core::mem::take(&mut self.news).into_iter().map(Effect::Tell));
    }
}
