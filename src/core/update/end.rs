//! The end: paid, refunded, or stopped.

use crate::core::state::{End, Leaving};
use crate::core::{Effect, Passage, Surface, WayBack};

use super::Step;

impl Step<'_> {
    /// Nothing more will be asked: everything is called off.
    pub(super) fn finish(&mut self, end: End) {
        let state = &mut *self.state;
        state.end = Some(end);
        state.navigations.forget();
        for lane in [&mut state.polling.lane, &mut state.payments] {
            if let Some(request) = lane.in_flight.take() {
                self.effects.push(Effect::Cancel(request.stamp));
            }
        }
        self.deafen();
        // What a reload needs now is to know that the payer was led back already.
        let left = core::mem::take(&mut self.state.visit.kept).left;
        self.state.visit.kept.left = left;
        let text = left.then(|| self.state.visit.kept.to_text());
        self.effects.push(Effect::Remember(text));
    }

    /// A paid order leads back to the shop, by itself once.
    pub(super) fn lead_back(&mut self) {
        let state = &mut *self.state;
        let visible = state.page.visible;
        let can_leave = visible && state.return_to().is_some() && state.options.surface == Surface::Payer;
        let way_back = state.options.way_back;
        let Some(End::Paid { leaving, .. }) = &mut state.end else { return };
        match (*leaving, way_back) {
            // The way back waits until somebody can see it coming.
            (Leaving::At(_), _) if !visible => *leaving = Leaving::NotYet,
            (Leaving::At(at), _) if at <= self.now => self.leave(),
            (Leaving::NotYet, WayBack::After(after_ms)) if can_leave => *leaving = Leaving::At(self.now + after_ms),
            (Leaving::NotYet | Leaving::At(_) | Leaving::Done, _) => {}
        }
    }

    /// Back to the shop, where there is a way.
    pub(super) fn leave(&mut self) {
        let Some(url) = self.state.return_to() else { return };
        if let Some(End::Paid { leaving, .. }) = &mut self.state.end {
            *leaving = Leaving::Done;
            self.state.visit.kept.left = true;
            self.remember();
        }
        self.go(url, Passage::Shop);
    }
}
