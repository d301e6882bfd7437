//! Methods of a mounted cashier, for the app around it.

use std::rc::Rc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use crate::shell::Mounted;

/// A handle to the cashier that is in the page, for the app around it. While there is none, its methods do nothing.
///
/// They may be called from inside of any callback of the cashier's: what is wanted is done after what is being done.
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
    /// Always empty on a server: there, another thread may drop it, and a `SendWrapper` with a value in it panics if it is
    /// dropped on another thread.
    StoredValue<Option<SendWrapper<Rc<Mounted>>>>,
);

impl Control {
    /// A handle to no cashier yet: pass it to [`Cashier`](crate::Cashier).
    #[must_use]
    pub fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// Asks the backend about the order now, and has the backend ask WeChat Pay.
    pub fn refresh(self) {
        self.with(Mounted::refresh);
    }

    /// Does what the payer's button "try again" does.
    pub fn retry(self) {
        self.with(Mounted::retry);
    }

    /// Has the backend close the order, where it offers that. For a payer who gives up.
    pub fn close(self) {
        self.with(Mounted::close);
    }

    /// What comes of it may take the cashier away, so the value is not locked meanwhile.
    fn with(self, wish: impl FnOnce(&Mounted)) {
        if let Some(mounted) = self.0.try_get_value().flatten() {
            wish(&mounted);
        }
    }

    /// Puts another cashier in place of the one before, which is taken away, and starts it: its callbacks find it here already.
    pub(super) fn put(self, mounted: Option<Mounted>) {
        let mounted = mounted.map(Rc::new);
        let put = mounted.clone().map(SendWrapper::new);
        let before = self.0.try_update_value(|now| core::mem::replace(now, put));
        drop(before);
        if let Some(mounted) = mounted {
            mounted.start();
        }
    }
}

impl Default for Control {
    fn default() -> Self {
        Self::new()
    }
}
