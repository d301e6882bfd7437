//! Reconciliation: what WeChat Pay's bill of a day says beside what the orders of this backend say. No IO, no clock.
//!
//! | file | what |
//! |---|---|
//! | `entry.rs` | what an order has to show: its trades, whether paid, and what went back |
//! | `compare.rs` | where the two differ |
//! | `report.rs` | what came out, as it is kept |
//! | `of_shop.rs` | what of it a shop is told |
//! | `csv.rs` | the same as a table |
//! | `due.rs` | which day is to be compared now, and when the next one is |

mod compare;
mod csv;
mod due;
mod entry;
mod of_shop;
mod report;

pub use compare::compare;
pub use csv::csv;
pub use due::{Due, KEPT_DAYS, Known, due, retry_at};
pub use entry::{Entry, Paid, Refund, entries};
pub use report::{Compared, Difference, Kind, MOST_KEPT, Part, Report, Seen, Side, State, Sum};
