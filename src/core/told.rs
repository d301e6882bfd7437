//! What the page around the cashier has been told, and so what is news to it.

use crate::contract::Timestamp;

use super::kept::words;
use super::{News, Report, ReportedError, Status};

/// So many things that only the host hears of are told: one that goes on about it forever is not told forever.
const NOTES_MAX: usize = 32;

/// What the page around the cashier has been told.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    report: Option<Report>,
    /// The word for what was wrong last. Its detail may differ with each failure, and is told with the first.
    error: Option<&'static str>,
    /// Told once, by whichever cashier the page had for this order.
    once: Once,
    /// What else was wrong.
    notes: Vec<ReportedError>,
    /// The host was told where to measure, or there was nowhere to.
    measured: bool,
}

/// What is told once for each time that it happened, also when the element is put in again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Once {
    ready: bool,
    /// Which end of the order's time.
    expired: Option<Timestamp>,
    closed: bool,
    paid: bool,
}

impl Told {
    /// Tells what is news in this report. `expires_at` is the order's.
    pub(super) fn take(
        &mut self,
        report: Report,
        error: Option<ReportedError>,
        expires_at: Option<Timestamp>,
        tell: &mut dyn FnMut(News),
    ) {
        let previous = self.status();
        let status = report.status;
        if self.report.as_ref() != Some(&report) {
            self.report = Some(report.clone());
            tell(News::Status { report, previous });
        }
        if status != Status::Loading && !self.once.ready {
            self.once.ready = true;
            tell(News::Ready);
        }
        if status == Status::Expired && previous != Status::Expired && self.once.expired != Some(end(expires_at)) {
            self.once.expired = Some(end(expires_at));
            tell(News::Expired);
        }
        if status == Status::Closed && !self.once.closed {
            self.once.closed = true;
            tell(News::Closed);
        }
        let code = error.as_ref().map(|error| error.code);
        if self.error != code {
            self.error = code;
            if let Some(error) = error {
                tell(News::Error(error));
            }
        }
    }

    /// The status that was told last.
    pub(super) fn status(&self) -> Status {
        self.report.as_ref().map_or(Status::Loading, |report| report.status)
    }

    /// Whether it is news that the order is paid.
    pub(super) fn is_paid_news(&mut self) -> bool {
        !core::mem::replace(&mut self.once.paid, true)
    }

    /// Whether it is news that this is wrong.
    pub(super) fn is_note_news(&mut self, note: &ReportedError) -> bool {
        let is_news = self.notes.len() < NOTES_MAX && !self.notes.contains(note);
        if is_news {
            self.notes.push(note.clone());
        }
        is_news
    }

    /// Whether the host is still to be told where to measure.
    pub(super) fn is_measure_news(&mut self) -> bool {
        !core::mem::replace(&mut self.measured, true)
    }

    /// What is told once, for the cashier that takes this one's place.
    pub(super) fn to_text(&self) -> String {
        let Once { ready, expired, closed, paid } = self.once;
        let mut text = words(&[(ready, READY), (closed, CLOSED), (paid, PAID)]);
        if let Some(at) = expired {
            for piece in [" ", EXPIRED, &at.millis().to_string()] {
                text.push_str(piece);
            }
        }
        text
    }

    /// Reads what [`to_text`](Self::to_text) wrote. What it would not have written says nothing.
    pub(super) fn recall(&mut self, text: &str) {
        for word in text.split(' ') {
            match word {
                READY => self.once.ready = true,
                CLOSED => self.once.closed = true,
                PAID => self.once.paid = true,
                _ => {
                    let millis = word.strip_prefix(EXPIRED).and_then(|millis| millis.parse().ok());
                    self.once.expired = millis.map(Timestamp::from_millis).or(self.once.expired);
                }
            }
        }
    }
}

const READY: &str = "ready";
const CLOSED: &str = "closed";
const PAID: &str = "paid";
const EXPIRED: &str = "expired:";

/// A backend may refuse payments as too late before it has said when: that is one end like any other.
fn end(expires_at: Option<Timestamp>) -> Timestamp {
    expires_at.unwrap_or(Timestamp::from_millis(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(told: &mut Told, status: Status, expires_at: Option<Timestamp>) -> Vec<News> {
        let report = Report { status, screen: "loading", method: None, stage: None };
        let mut all = Vec::new();
        told.take(report, None, expires_at, &mut |news| all.push(news));
        all
    }

    #[test]
    fn an_end_is_told_once_however_often_it_is_taken_back() {
        let mut told = Told::default();
        let (end, later) = (Some(Timestamp::from_millis(1_000)), Some(Timestamp::from_millis(2_000)));
        let mut expired = |status, end| news(&mut told, status, end).contains(&News::Expired);
        assert!(expired(Status::Expired, end));
        assert!(!expired(Status::Pending, end));
        assert!(!expired(Status::Expired, end), "the same end");
        assert!(!expired(Status::Pending, later));
        assert!(expired(Status::Expired, later), "another end");
    }

    #[test]
    fn what_was_told_is_known_to_the_next_cashier() {
        let mut told = Told::default();
        news(&mut told, Status::Expired, Some(Timestamp::from_millis(1_000)));
        news(&mut told, Status::Closed, None);
        assert!(told.is_paid_news());
        let mut next = Told::default();
        next.recall(&told.to_text());
        assert_eq!(next.once, told.once);
        next.recall("nonsense expired:x");
        assert_eq!(next.once, told.once);
    }
}
