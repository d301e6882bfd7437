//! WeChat Pay, simulated.
