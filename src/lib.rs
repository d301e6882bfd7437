//! A checkout front end for WeChat Pay.
