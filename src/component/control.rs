//! What an app can want of a cashier.

use std::rc::Rc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use crate::shell::Mounted;

/// A hand on a cashier, for the app around it. Without one in the page, nothing comes of it.
///
/// ```
/// use leptos::prelude::*;
/// use wechat_cashier::{Cashier, Control};
///
/// #[component]
/// fn Checkout() -> impl IntoView {
///     let control = Control::new();
///     view! {
///         <Cashier order="T20261121001" control />
///         <button on:click=move |_| control.close()>"Give up"</button>
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Control(
    /// On a server always empty: there, what one thread has made another may take away, and a wrapper that holds something
    /// does not bear that.
    StoredValue<Option<SendWrapper<Rc<Mounted>>>>,
);

impl Control {
    /// A hand on nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// Asks about the order now, and has the platform asked.
    pub fn refresh(self) {
        self.with(Mounted::refresh);
    }

    /// As the payer's "try again".
    pub fn retry(self) {
        self.with(Mounted::retry);
    }

    /// Has the backend close the order, where it offers that: the payer gives up.
    pub fn close(self) {
        self.with(Mounted::close);
    }

    /// What comes of it may take the cashier away, so nothing is locked meanwhile.
    fn with(self, wish: impl FnOnce(&Mounted)) {
        if let Some(mounted) = self.0.try_get_value().flatten() {
            wish(&mounted);
        }
    }

    /// Another cashier in place of the one before.
    pub(super) fn put(self, mounted: Option<Mounted>) {
        let before = self.0.try_update_value(|now| core::mem::replace(now, mounted.map(Rc::new).map(SendWrapper::new)));
        drop(before);
    }
}

impl Default for Control {
    fn default() -> Self {
        Self::new()
    }
}
