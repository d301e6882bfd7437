//! What the page can see of where it is opened.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::Window;

use crate::core::Probes;

/// What the page can see of where it is opened.
pub(super) fn probes() -> Probes {
    let Some(window) = web_sys::window() else { return Probes::default() };
    let navigator = window.navigator();
    Probes {
        user_agent: navigator.user_agent().unwrap_or_default(),
        mini_program: get(&window, "__wxjs_environment").as_string().as_deref() == Some("miniprogram"),
        bridge: get(&window, "WeixinJSBridge").is_object(),
        touch: get(&navigator, "maxTouchPoints").as_f64().is_some_and(|points| points > 1.0),
        framed: framed(&window),
    }
}

/// Whether the page stands in another.
pub(super) fn framed(window: &Window) -> bool {
    !matches!(window.parent(), Ok(Some(parent)) if Object::is(&parent, window))
}

/// A property; `undefined` where there is none.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
