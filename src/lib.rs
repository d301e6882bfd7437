//! A checkout front end for WeChat Pay.

pub mod contract;
pub mod core;
pub mod shell;
pub mod text;
pub mod view;
