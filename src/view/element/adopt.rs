//! Taking over what a server has drawn.

use super::{Drawn, Element, Parts};
use leptos::tachys::view::Render;
use std::rc::Rc;

impl Element {
    /// Makes the page's `node` this element's own, with all that is below it: what a server drew stays where it is, the QR
    /// is not out of sight for a moment, and whatever has the focus keeps it. What differs is changed; what is another
    /// element altogether gives way to a fresh one.
    ///
    /// Something always differs: less time is left, and the browser writes amounts as the payer's language has them.
    pub(crate) fn adopt(self, node: &web_sys::Element) -> Drawn {
        let Self(mut element) = self;
        if !element.is_drawn_as(node) {
            let fresh = Self(element).build();
            // Fails only for a node that is nowhere.
            let _ = node.replace_with_with_node_1(&fresh.node);
            return fresh;
        }
        let (children, on) = (core::mem::take(&mut element.children), element.on.take());
        let mut drawn = Drawn { node: node.clone(), element, children: Vec::new(), on: Rc::default(), listener: None };
        drawn.watch();
        drawn.agree();
        if children.is_empty()
            && (node.child_element_count() > 0 || node.text_content().as_deref() != Some(&*drawn.element.text))
        {
            node.set_text_content(Some(&drawn.element.text));
        }
        let mut next = node.first_element_child();
        for child in children {
            let Some(place) = next else {
                drawn.add(child);
                continue;
            };
            next = place.next_element_sibling();
            drawn.children.push(child.adopt(&place));
        }
        while let Some(surplus) = next {
            next = surplus.next_element_sibling();
            surplus.remove();
        }
        drawn.listen(on);
        drawn
    }
}

impl Parts {
    /// Whether a server drew this element, or one like it. Never of another screen: no button becomes another under the
    /// payer's finger.
    fn is_drawn_as(&self, node: &web_sys::Element) -> bool {
        let same = |name: &str| node.get_attribute(name).as_deref() == self.value(name);
        node.local_name() == self.tag && same("class") && same("data-screen")
    }
}

impl Drawn {
    /// Has the page's node agree with the element.
    fn agree(&self) {
        for name in self.node.get_attribute_names().iter().filter_map(|name| name.as_string()) {
            // What the payer has unfolded already stays so.
            if name != "open" && self.element.value(&name).is_none() {
                // A name that the node itself gave cannot fail.
                let _ = self.node.remove_attribute(&name);
            }
        }
        for (name, value) in &self.element.attributes {
            // A picture may have come, or failed, before anybody listened: named anew, it says so once more.
            if *name == "src" || self.node.get_attribute(name).as_deref() != Some(value) {
                self.set(name, value);
            }
        }
    }
}
