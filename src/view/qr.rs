//! The QR.

use qrcode::bits::Bits;
use qrcode::canvas::Canvas;
use qrcode::{Color, EcLevel, Version};

use crate::core::Body;

use super::build::block;
use super::correction::interleaved;
use super::element::Element;

/// The white border around a QR, in modules (ISO/IEC 18004: 4; field problem 27).
pub const QUIET_ZONE: usize = 4;

/// A QR as one SVG path.
///
/// ```
/// use wechat_cashier::view::QrShape;
///
/// let qr = QrShape::of("weixin://wxpay/bizpayurl?pr=Zim81N5zz").unwrap();
/// assert_eq!(qr.side, 29 + 8); // version 3 and its quiet zone, in modules
/// assert!(qr.path.starts_with("M4 4h7v1h-7z")); // the upper edge of the finder pattern
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrShape {
    /// Modules on a side, the quiet zone included.
    pub side: usize,
    /// The dark modules: a rectangle for each run of them in a row.
    pub path: String,
}

impl QrShape {
    /// None if the content does not fit into a QR, which holds more than [`QR_CONTENT_MAX`](crate::core::QR_CONTENT_MAX).
    pub fn of(content: &str) -> Option<Self> {
        let (colors, width) = encoded(content)?;
        let mut path = String::new();
        for (y, row) in colors.chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] == Color::Dark {
                    let [left, top, length] =
                        [x + QUIET_ZONE, y + QUIET_ZONE, run.len()].map(|number| number.to_string());
                    for piece in ["M", &left, " ", &top, "h", &length, "v1h-", &length, "z"] {
                        path.push_str(piece);
                    }
                }
                x += run.len();
            }
        }
        Some(Self { side: width + 2 * QUIET_ZONE, path })
    }
}

/// The modules of a QR, row by row, and how many are in a row.
///
/// Error correction M: a screen is not damaged like paper, so larger modules help more. All of it as bytes: what an address
/// might gain by other ways of writing parts of it is rarely a version, and the search for them is 2 KB of the wasm.
fn encoded(content: &str) -> Option<(Vec<Color>, usize)> {
    (1..=40).find_map(|number| {
        let version = Version::Normal(number);
        let mut bits = Bits::new(version);
        bits.push_byte_data(content.as_bytes()).ok()?;
        bits.push_terminator(EcLevel::M).ok()?;
        let (data, check) = interleaved(&bits.into_bytes(), usize::try_from(number).ok()?);
        let mut canvas = Canvas::new(version, EcLevel::M);
        canvas.draw_all_functional_patterns();
        canvas.draw_data(&data, &check);
        Some((canvas.apply_best_mask().into_colors(), usize::try_from(version.width()).ok()?))
    })
}

/// The QR on a screen.
pub(super) struct Drawing {
    content: String,
    shape: Option<QrShape>,
    /// The seconds it had left when it first appeared.
    pub(super) whole_s: u64,
}

impl Drawing {
    /// The QR for this screen: the one drawn before, if it has the same content.
    pub(super) fn of(body: &Body, before: Option<Self>) -> Option<Self> {
        let Body::Scan { content, left_s, .. } = body else { return None };
        before.filter(|before| before.content == *content).or_else(|| {
            let shape = QrShape::of(content);
            Some(Self { content: content.clone(), shape, whole_s: left_s.unwrap_or(1) })
        })
    }

    /// Always dark on white, whatever the theme (field problem 27).
    pub(super) fn view(&self, label: String) -> Element {
        let Some(QrShape { side, path }) = &self.shape else { return block("wc-slot") };
        let side = side.to_string();
        let ground = Element::new("rect", "").with("width", "100%").with("height", "100%").with("fill", "#fff");
        let modules = Element::new("path", "").with("d", path.clone()).with("fill", "#000");
        let svg = Element::new("svg", "")
            .with("role", "img")
            .with("aria-label", label)
            .with("viewBox", ["0 0 ", &side, " ", &side].concat())
            .with("shape-rendering", "crispEdges")
            .with("data-qr", self.content.clone());
        block("wc-slot wc-qr").holding(svg.holding(ground).holding(modules))
    }
}
