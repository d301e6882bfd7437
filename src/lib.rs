//! A checkout front end for WeChat Pay.

pub mod contract;
pub mod core;
