//! The QR.

use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

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
    /// Error correction M: a screen is not torn, so the modules may be large instead. None for more than a QR holds, which
    /// is more than [`QR_CONTENT_MAX`](crate::core::QR_CONTENT_MAX).
    pub fn of(content: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(content, EcLevel::M).ok()?;
        let width = code.width();
        let colors = code.into_colors();
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

/// Always dark on white, whatever the theme (field problem 27).
pub(super) fn qr(content: String, label: &'static str) -> impl IntoView {
    let shape = QrShape::of(&content);
    view! {
        <div class="wc-slot wc-qr">
            {shape
                .map(|QrShape { side, path }| {
                    let side = side.to_string();
                    let view_box = ["0 0 ", &side, " ", &side].concat();
                    view! {
                        <svg role="img" aria-label=label viewBox=view_box shape-rendering="crispEdges" data-qr=content>
                            <rect width="100%" height="100%" fill="#fff"></rect>
                            <path d=path fill="#000"></path>
                        </svg>
                    }
                })}
        </div>
    }
}
