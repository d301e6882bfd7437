//! APIv3.
