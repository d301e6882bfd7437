//! The client of APIv3 against a platform of a few lines, which signs with a published key.

mod answers;
mod bodies;
mod calls;
mod certificates;
mod notifications;
mod oauth;
mod platform;
