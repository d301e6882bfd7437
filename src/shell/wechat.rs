//! WeChat, from inside: `WeixinJSBridge`, and the JS-SDK for mini-programs.

use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Function, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::contract::JsapiParams;
use crate::core::{Event, Link, LinkEvent, Stamp};

use super::probe::get;
use super::queue::Item;
use super::{Sdk, Shell};

/// The name of the call for payment (<https://pay.weixin.qq.com/doc/v3/merchant/4012791857>).
const PAY: &str = "getBrandWCPayRequest";

/// Listens for the way to WeChat as long as it lives.
pub(super) type Connection = Vec<EventListener>;

/// Looks for the way to WeChat, and tells the shell what came of it.
pub(super) fn connect(shell: &Rc<Shell>, link: Link, sdk: &Sdk) -> Connection {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return Vec::new() };
    if is_there(link) {
        shell.later(Item::Event(Event::Link(LinkEvent::Ready)));
        return Vec::new();
    }
    match link {
        // Not said again for those who come late, so it was looked for first (docs/platform.md, 1.2).
        Link::Bridge => {
            vec![shell.on(&document, "WeixinJSBridgeReady", |_| told(LinkEvent::Ready))]
        }
        Link::Sdk => {
            let (Ok(script), Some(head)) = (document.create_element("script"), document.head()) else {
                return Vec::new();
            };
            let attributes = [("src", Some(&sdk.src)), ("integrity", sdk.integrity.as_ref())];
            for (name, value) in attributes {
                // These names are always allowed.
                let _ = value.map(|value| script.set_attribute(name, value));
            }
            if sdk.integrity.is_some() {
                let _ = script.set_attribute("crossorigin", "anonymous");
            }
            let listeners = vec![
                shell.on(&script, "load", |_| told(LinkEvent::Ready)),
                shell.on(&script, "error", |_| told(LinkEvent::Failed)),
            ];
            // A page that refuses the script says nothing, and the wait for it ends by itself.
            let _ = head.append_child(&script);
            listeners
        }
    }
}

fn told(news: LinkEvent) -> Option<Item> {
    Some(Item::Event(Event::Link(news)))
}

fn is_there(link: Link) -> bool {
    let Some(window) = web_sys::window() else { return false };
    match link {
        Link::Bridge => get(&get(&window, "WeixinJSBridge"), "invoke").is_function(),
        Link::Sdk => get(&get(&window, "wx"), "miniProgram").is_object(),
    }
}

/// Opens the payment sheet.
pub(super) fn invoke(shell: &Rc<Shell>, stamp: Stamp, params: &JsapiParams) {
    let callback = answers(shell, stamp);
    let called = params.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).ok().and_then(|params| {
        let bridge = get(web_sys::window()?.as_ref(), "WeixinJSBridge");
        let invoke: Function = get(&bridge, "invoke").dyn_into().ok()?;
        Some(invoke.call3(&bridge, &PAY.into(), &params, &callback))
    });
    report(shell, stamp, PAY, called);
}

/// Opens a native page of the mini-program
/// (<https://developers.weixin.qq.com/miniprogram/dev/component/open-ability/web-view.html>).
pub(super) fn open_mini_program(shell: &Rc<Shell>, stamp: Stamp, path: &str) {
    let callback = answers(shell, stamp);
    let called = web_sys::window().and_then(|window| {
        let mini_program = get(&get(&window, "wx"), "miniProgram");
        let navigate: Function = get(&mini_program, "navigateTo").dyn_into().ok()?;
        let options = Object::new();
        // Setting a plain property of a plain object cannot fail.
        let _ = Reflect::set(&options, &"url".into(), &path.into());
        let _ = Reflect::set(&options, &"complete".into(), &callback);
        Some(navigate.call1(&mini_program, &options))
    });
    report(shell, stamp, "navigateTo", called);
}

/// A call that could not be made at all is answered here.
fn report(shell: &Rc<Shell>, stamp: Stamp, name: &str, called: Option<Result<JsValue, JsValue>>) {
    let why = match called {
        Some(Ok(_)) => return,
        Some(Err(error)) => get(&error, "message").as_string().unwrap_or_default(),
        None => "function not exist".to_owned(),
    };
    shell.later(Item::Event(Event::Called { stamp, said: [PAY, ":fail\n", name, ": ", &why].concat() }));
}

/// What WeChat calls back, now or long after, once or more often: it is WeChat's then, and nothing comes of it when the cashier
/// is gone. What it says is taken in later: who calls us back may keep what we throw to itself, and so a fault of ours.
fn answers(shell: &Rc<Shell>, stamp: Stamp) -> JsValue {
    let shell = Rc::downgrade(shell);
    let callback = Closure::<dyn FnMut(JsValue)>::new(move |answer: JsValue| {
        if let Some(shell) = shell.upgrade() {
            shell.later(Item::Event(Event::Called { stamp, said: said(&answer) }));
        }
    });
    callback.into_js_value()
}

/// The texts of an answer, one on a line. Which of them there are depends on the phone (field problem 10).
fn said(answer: &JsValue) -> String {
    if let Some(text) = answer.as_string() {
        return text;
    }
    let mut lines = String::new();
    for name in ["err_msg", "errMsg", "err_code", "err_desc"] {
        if let Some(text) = get(answer, name).as_string() {
            if !lines.is_empty() {
                lines.push('\n');
            }
            lines.push_str(&text);
        }
    }
    lines
}
