//! Who takes the money: WeChat Pay, or a method of the merchant's own.

use std::fmt;

use futures_util::future::BoxFuture;
use wechat_cashier::contract::{Action, Method};

use crate::domain::{NotPlaced, Order, Refund, RefundReport, Report, Terms, Trade};

/// One way to be paid, as far as `service` needs it. WeChat Pay is one; a method of the merchant's own is another.
///
/// Each call ends within the time that a cashier waits. What is said in `Ok` is verified to be the platform's word.
pub trait Gateway: fmt::Debug + Send + Sync {
    /// Why the order's trades cannot be paid by this method here at all. It is asked before anything is begun.
    fn refuses(&self, order: &Order, method: &Method) -> Option<String>;

    /// With which terms this method would be asked for, but for who pays.
    fn terms(&self, order: &Order, method: &Method) -> Terms;

    /// The body of the request for something to pay by, which is kept and sent again letter for letter.
    ///
    /// # Errors
    /// Why there can be none, for the merchant's log.
    fn request(&self, order: &Order, trade: &Trade) -> Result<String, String>;

    /// Asks for something to pay by.
    fn place<'a>(
        &'a self,
        order: &'a Order,
        trade: &'a Trade,
        page_url: &'a str,
    ) -> BoxFuture<'a, Result<Place, Trouble>>;

    /// Pays by the payer's code, once.
    fn pay_by_code<'a>(
        &'a self,
        order: &'a Order,
        trade: &'a Trade,
        auth_code: &'a str,
    ) -> BoxFuture<'a, Result<CodePaid, Trouble>>;

    /// What became of a trade.
    fn query<'a>(&'a self, order: &'a Order, trade: &'a Trade) -> BoxFuture<'a, Result<Found, Trouble>>;

    /// Closes a trade, or takes a payment by code back.
    fn end<'a>(&'a self, order: &'a Order, trade: &'a Trade) -> BoxFuture<'a, Result<Ended, Trouble>>;

    /// Gives money of a paid trade back. Asked again under the same `out_refund_no`, it goes back once.
    fn refund<'a>(&'a self, order: &'a Order, refund: &'a Refund) -> BoxFuture<'a, Result<Refunding, Trouble>>;

    /// What became of a refund.
    fn query_refund<'a>(&'a self, order: &'a Order, refund: &'a Refund) -> BoxFuture<'a, Result<RefundFound, Trouble>>;
}

/// What came of asking for something to pay by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// This is what the page is to do.
    Do(Action),
    /// The platform says that it is paid.
    IsPaid,
    /// It did not take the trade.
    Not(NotPlaced),
}

/// What came of a payer's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodePaid {
    /// The platform says what became of it.
    Said(Report),
    /// It is under way.
    UnderWay,
    /// It did not take it.
    Not(NotPlaced),
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "few are there at a time, and none for long")]
pub enum Found {
    /// The platform's word.
    Said(Report),
    /// It knows no such number.
    Nothing,
}

/// What came of an ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It can no longer be paid.
    Yes,
    /// It is paid.
    IsPaid,
    /// The platform knows no such number.
    Nothing,
}

/// What came of a request for a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refunding {
    /// The platform has it, and says how it stands.
    Said(RefundReport),
    /// It did not take it, and will not take it. Why, in its words.
    Not(String),
    /// It did not take it, and will once a person has done something: there is too little in the account. Why, in its words.
    HeldUp(String),
}

/// What came of a question about a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "few are there at a time, and none for long")]
pub enum RefundFound {
    /// The platform's word.
    Said(RefundReport),
    /// It knows no such number.
    Nothing,
}

/// It is not known what came of a call, or the platform wants it later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What was wrong, for the log and the journal. It holds no secret.
    pub why: String,
    /// After how many seconds the platform wants to be asked again.
    pub retry_after_s: Option<u32>,
    /// The platform does not accept what this backend signs or is: a person has to mend the configuration.
    pub is_lasting: bool,
}
