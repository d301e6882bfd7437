//! The page around the cashier: what it is told, and what it does.

use std::collections::BTreeSet;

use wechat_cashier::contract::{Order, Timestamp};
use wechat_cashier::core::{Body, Effect, Event, HostEvent, Instant, News, Passage, Report, Stamp, Status, Trouble};

use super::World;

/// The page around the cashier.
#[derive(Clone, Debug, Default)]
pub(crate) struct Host {
    /// It leads the payer on by itself.
    pub(crate) keeps: bool,
    /// It is asked, and has not come to answer yet.
    pub(crate) is_busy: bool,
    /// What it was told of this order, over all cashiers that it has had for it.
    pub(crate) news: Vec<News>,
    /// What an earlier cashier of this page left.
    pub(super) told: Option<String>,
    /// The screen has said that it is paid.
    pub(super) was_paid: bool,
    /// The latest report.
    pub(super) report: Option<Report>,
    /// Ends of the order's time that it was told of.
    pub(super) expired: BTreeSet<Timestamp>,
    /// Navigations that it was asked about and has not answered.
    pub(super) asked: Vec<(Stamp, String, Passage)>,
    /// The one that it answers.
    pub(super) answering: Option<(Stamp, String, Passage)>,
}

impl Host {
    /// How often it was told this.
    pub(crate) fn heard(&self, wanted: impl Fn(&News) -> bool) -> usize {
        self.news.iter().filter(|news| wanted(news)).count()
    }

    /// How often it was told that the order is paid.
    pub(crate) fn paid(&self) -> usize {
        self.heard(|news| matches!(news, News::Paid { .. }))
    }

    /// Whether the last that it was asked about was the way to log in: the button then asks for a payment anew.
    pub(super) fn was_sent_to_log_in(&self) -> bool {
        let last = self.news.iter().rev().find_map(|news| match news {
            News::Navigate { passage, .. } => Some(*passage),
            _ => None,
        });
        last == Some(Passage::Login)
    }

    /// The codes of the errors that it was told of.
    pub(crate) fn errors(&self) -> Vec<&'static str> {
        let codes = self.news.iter().filter_map(|news| match news {
            News::Error(error) => Some(error.code),
            _ => None,
        });
        codes.collect()
    }
}

impl World {
    /// The host does something.
    pub(crate) fn host(&mut self, event: HostEvent) {
        self.event(Event::Host(event));
    }

    /// The host brings what the backend says now.
    pub(crate) fn host_brings_the_truth(&mut self, age_ms: Option<u64>) {
        let order = self.backend.order(self.now);
        self.host_brings(order, age_ms);
    }

    pub(crate) fn host_brings(&mut self, order: Order, age_ms: Option<u64>) {
        let asked = age_ms.map(|age_ms| Instant::from_millis(self.now.millis().saturating_sub(age_ms)));
        self.host(HostEvent::First { order: Ok(Box::new(order)), asked });
    }

    /// The host is told something: each thing once, and nothing that is not so.
    pub(super) fn hear_news(&mut self, news: News) {
        if let News::Ready | News::Expired | News::Closed | News::Paid { .. } = &news {
            let knows = self.host.report.as_ref() == Some(&self.screen.report());
            assert!(knows, "told {news:?} before the status that it belongs to{}", self.story());
        }
        match &news {
            News::Status { report, previous } => {
                let before = self.host.report.as_ref().map_or(Status::Loading, |report| report.status);
                assert_eq!(*previous, before, "told another status before{}", self.story());
                assert_ne!(self.host.report.as_ref(), Some(report), "told twice{}", self.story());
                assert_eq!(*report, self.screen.report(), "told another screen than is shown{}", self.story());
                self.host.report = Some(report.clone());
            }
            News::Expired => {
                let end = self.state_expires_at();
                assert!(self.host.expired.insert(end), "told twice that one time is up{}", self.story());
            }
            News::Navigate { stamp, url, passage } => self.host.asked.push((*stamp, url.clone(), *passage)),
            News::Error(error) => {
                let says_nothing = error.detail.as_ref().is_none_or(String::is_empty);
                let speaks_for_itself = ["missing_order", "offline", "login_loop"].contains(&error.code);
                // WeChat may say nothing; and an empty address is none that the contract's reader lets through.
                let is_its_own =
                    matches!(&self.screen.body, Body::Trouble(Trouble::Wechat { .. } | Trouble::NotAllowed { .. }));
                assert!(
                    !says_nothing || speaks_for_itself || is_its_own,
                    "an error that says nothing: {error:?}{}",
                    self.story()
                );
            }
            News::Measure(_) => {}
            News::Ready | News::Closed | News::Paid { .. } => {
                let again =
                    self.host.news.iter().any(|known| core::mem::discriminant(known) == core::mem::discriminant(&news));
                assert!(!again, "told twice: {news:?}{}", self.story());
            }
        }
        self.host.news.push(news);
    }

    /// What is wrong on the screen is told when it begins to be wrong, and not again as long as it stays so.
    pub(super) fn check_errors(&mut self, effects: &[Effect]) {
        let error = self.state.error(self.now);
        let code = error.as_ref().map(|error| error.code);
        let before = core::mem::replace(&mut self.shown_error, code);
        let Some(error) = error else { return };
        let told = effects.iter().filter(|effect| matches!(effect, Effect::Tell(News::Error(told)) if *told == error));
        assert_eq!(told.count(), usize::from(before != code), "tells {error:?} in its time{}", self.story());
    }

    /// The end of the order's time, as the page knows it.
    fn state_expires_at(&self) -> Timestamp {
        self.told.expires_at.unwrap_or(Timestamp::from_millis(0))
    }

    /// The host answers what it was asked, as the shell has it do at once.
    pub(super) fn host_answers(&mut self) {
        while let Some((stamp, url, passage)) = self.host.asked.pop_if(|_| !self.host.is_busy) {
            let kept = self.host.keeps;
            self.host.answering = Some((stamp, url, passage));
            self.tell(Event::Host(HostEvent::Navigation { stamp, kept }));
        }
        self.host.answering = None;
    }
}
