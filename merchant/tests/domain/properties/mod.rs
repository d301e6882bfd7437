//! What it never does.
