//! Where pages are opened.

use wechat_cashier::contract::MethodOffer;
use wechat_cashier::core::{App, Device, Environment, Surface};

use super::World;
use crate::backend::every_method;

impl World {
    /// A page whose code is drawn.
    pub(crate) fn scanning() -> Self {
        let mut world = Self::new();
        world.start();
        world.run(200);
        world.scan();
        world
    }

    /// A page in this app on this device, for an order that can be paid in every way.
    pub(crate) fn opened_in(app: App, device: Device) -> Self {
        let mut world = Self::new();
        world.options.environment = Some(Environment { app, device, framed: false });
        world.backend.methods = every_method();
        world
    }

    /// In WeChat on a phone, with a button to pay by.
    pub(crate) fn in_wechat() -> Self {
        let mut world = Self::opened_in(App::WeChat, Device::Phone);
        world.start();
        world.run(200);
        world.ready();
        world
    }

    /// In a phone's browser, with a button to pay by.
    pub(crate) fn on_phone() -> Self {
        let mut world = Self::opened_in(App::Browser, Device::Phone);
        world.start();
        world.run(200);
        world.ready();
        world
    }

    /// In a mini-program's web-view, with a button to pay by.
    pub(crate) fn in_mini_program() -> Self {
        let mut world = Self::opened_in(App::MiniProgram, Device::Phone);
        world.start();
        world.run(200);
        world.ready();
        world
    }

    /// At a till that waits for a payer's code.
    pub(crate) fn at_till() -> Self {
        let mut world = Self::opened_in(App::Browser, Device::Desktop);
        world.options.surface = Surface::Till;
        world.start();
        world.run(200);
        world
    }

    /// The order offers these methods of the contract alone.
    pub(crate) fn offering<const N: usize>(mut self, ids: [&str; N]) -> Self {
        let method = |id: &str| every_method().into_iter().find(|offer| offer.method.id() == id).unwrap();
        self.backend.methods = ids.into_iter().map(method).collect::<Vec<MethodOffer>>();
        self
    }
}
