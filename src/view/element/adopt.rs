//! Taking over HTML that a server rendered.

use super::{Drawn, Element, LOADED, Parts};
use std::rc::Rc;
use tachys::view::Render;

impl Element {
    /// Takes over the page's `node`, with all that is below it, as this element's. What a server drew stays in place: the QR
    /// does not disappear for a moment, and the focus stays. Attributes and texts that differ are changed; a node of another
    /// kind is replaced.
    ///
    /// Something always differs: less time is left, and the browser formats amounts for the payer's language.
    pub(crate) fn adopt(self, node: &web_sys::Element) -> Drawn {
        let Self(mut element) = self;
        if !element.is_drawn_as(node) {
            let fresh = Self(element).build();
            // Fails only for a node without a parent.
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
    /// Whether `node` is this element or one of the same kind. Never true for another screen's, so that no button turns into
    /// another under the payer's finger.
    fn is_drawn_as(&self, node: &web_sys::Element) -> bool {
        let same = |name: &str| node.get_attribute(name).as_deref() == self.value(name);
        node.local_name() == self.tag && same("class") && same("data-screen")
    }
}

impl Drawn {
    /// Changes the page's node so that it agrees with the element.
    fn agree(&self) {
        let is_same = |name: &str, value: &str| self.node.get_attribute(name).as_deref() == Some(value);
        // The picture that whoever drew it has seen to come: it is not fetched, and seen to come, once more.
        let is_loaded = self.element.value("src").is_some_and(|src| is_same("src", src) && is_same(LOADED, ""));
        for name in self.node.get_attribute_names().iter().filter_map(|name| name.as_string()) {
            // What the payer has unfolded stays unfolded.
            if !(name == "open" || is_loaded && name == LOADED) && self.element.value(&name).is_none() {
                // Cannot fail: the name comes from the node itself.
                let _ = self.node.remove_attribute(&name);
            }
        }
        for (name, value) in &self.element.attributes {
            // A picture may have come, or failed, before anybody listened: named anew, it says so once more.
            if *name == "src" && !is_loaded || !is_same(name, value) {
                self.set(name, value);
            }
        }
    }
}
