//! What a reload needs, kept by the browser for as long as the tab lives.

use web_sys::Storage;

use crate::core::KEPT;

/// One text for one order. Where the browser keeps nothing (private windows, storage switched off), nothing is kept: the
/// backend's own answer is then what a reload goes by.
pub(super) struct Memory {
    storage: Option<Storage>,
    key: String,
}

impl Memory {
    pub(super) fn of(api: &str, order_id: &str) -> Self {
        let storage = web_sys::window().and_then(|window| window.session_storage().ok().flatten());
        Self { storage, key: [KEPT, api, " ", order_id].concat() }
    }

    pub(super) fn get(&self) -> Option<String> {
        self.storage.as_ref()?.get_item(&self.key).ok().flatten()
    }

    pub(super) fn set(&self, text: Option<&str>) {
        let Some(storage) = &self.storage else { return };
        // A full or forbidden storage keeps nothing, as said above.
        let _ = match text {
            Some(text) => storage.set_item(&self.key, text),
            None => storage.remove_item(&self.key),
        };
    }
}
