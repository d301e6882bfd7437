//! What the page around the cashier may know.

use crate::contract::Method;

use super::{Body, Instant, Notice, Screen, Stage, State};

/// What the page around the cashier may know of a screen: a host acts on this, and on nothing that it reads off the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How the order stands.
    pub status: Status,
    /// The screen's name ([`Body::name`]).
    pub screen: &'static str,
    /// The way to pay at hand, once known.
    pub method: Option<Method>,
    /// How far the button to pay by is, where there is one.
    pub stage: Option<Stage>,
}

/// What is wrong: a trouble that takes the whole screen, or one that is laid over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedError {
    /// A word for it, the one that the payer can tell the merchant's support.
    pub code: &'static str,
    /// What was wrong, for the merchant's developers.
    pub detail: Option<String>,
    /// Nothing that the payer can do here changes it.
    pub fatal: bool,
}

/// How the order stands, for the page around the cashier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// There is no order yet.
    Idle,
    /// Nothing is known of it yet.
    Loading,
    /// It can be paid.
    Pending,
    /// The backend is being asked whether it is paid.
    Confirming,
    /// The backend says that it is paid.
    Paid,
    /// Its time is up.
    Expired,
    /// It was closed.
    Closed,
    /// It was paid, and the money went back.
    Refunded,
    /// The cashier cannot go on; [`News::Error`](super::News::Error) says why.
    Error,
}

impl Status {
    /// The word that hosts know it by.
    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Loading => "loading",
            Self::Pending => "pending",
            Self::Confirming => "confirming",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Closed => "closed",
            Self::Refunded => "refunded",
            Self::Error => "error",
        }
    }
}

impl Screen {
    /// What the page around the cashier may know of this screen.
    pub fn report(&self) -> Report {
        let status = match &self.body {
            Body::Idle => Status::Idle,
            Body::Loading if self.bill.is_none() => Status::Loading,
            Body::Loading
            | Body::Scan { .. }
            | Body::Pay { .. }
            | Body::Returned
            | Body::TakeCode { .. }
            | Body::Expired { renewable: true } => Status::Pending,
            Body::AwaitPayer { .. } | Body::Confirming { .. } => Status::Confirming,
            Body::Paid { .. } => Status::Paid,
            Body::Expired { renewable: false } => Status::Expired,
            Body::Closed => Status::Closed,
            Body::Refunded => Status::Refunded,
            Body::Trouble(_) => Status::Error,
        };
        Report {
            status,
            screen: self.body.name(),
            method: self.way.as_ref().map(|way| way.method.clone()),
            stage: match self.body {
                Body::Pay { stage, .. } => Some(stage),
                _ => None,
            },
        }
    }
}

impl State {
    /// What is wrong, if something is.
    pub fn error(&self, now: Instant) -> Option<ReportedError> {
        self.error_on(&self.screen(now))
    }

    pub(super) fn error_on(&self, screen: &Screen) -> Option<ReportedError> {
        let code = match (&screen.body, &screen.notice) {
            (Body::Trouble(trouble), _) => {
                let (code, detail) = (trouble.code(), trouble.told());
                return Some(ReportedError { code, detail, fatal: trouble.is_final() });
            }
            (_, Some(Notice::Offline)) => return Some(ReportedError { code: "offline", detail: None, fatal: false }),
            (_, Some(Notice::Unreachable)) => "unreachable",
            (_, Some(Notice::Refused(code))) => code.word(),
            (_, Some(Notice::Unreadable(_))) => "unreadable_answer",
            (_, Some(Notice::NotReceived | Notice::Copied | Notice::CopyByHand(_)) | None) => return None,
        };
        let detail = self.failing(&screen.body).map(|failure| failure.detail().to_owned());
        Some(ReportedError { code, detail, fatal: false })
    }
}
