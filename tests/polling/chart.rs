//! `docs/polling.svg`: requests and delay of the plans, and of others like ours.

use std::fmt::Write;

use super::Plan;
use super::sweep::Numbers;
use super::tally::{ByPlan, Tally};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 56.0;
const BOTTOM: f64 = 48.0;
const TOP: f64 = 16.0;
/// Requests per order, and seconds, at the ends of the axes.
const ASKED_MAX: f64 = 16.0;
const MEAN_MAX: f64 = 2.0;
/// Marks on each.
const STEPS: u32 = 4;

/// Colours for a light page, and for a dark one.
const STYLE: &str = "<style>
text{font:13px system-ui,sans-serif;fill:#24292f}.axis{stroke:#8c959f}.grid{stroke:#d0d7de}.other{fill:#8c959f;opacity:.45}
.plan{fill:#0969da}.ours{fill:#1a7f37}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.axis{stroke:#7d8590}.grid{stroke:#30363d}.other{fill:#7d8590}.plan{fill:#58a6ff}.ours{fill:#3fb950}}
</style>
";

/// Each plan's mean delay over its requests per order.
pub(crate) fn draw(plans: &ByPlan, others: &[(Numbers, Tally)]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-label=\"Mean delay over requests per order: the plans, and other plans like ours\">\n{STYLE}"
    );
    let mut put = |part: std::fmt::Arguments<'_>| {
        // Writing to a text cannot fail.
        let _ = svg.write_fmt(part);
    };
    for step in 0..=STEPS {
        let [asked, mean] = [ASKED_MAX, MEAN_MAX].map(|most| f64::from(step) * most / f64::from(STEPS));
        let [left, right, height] = [x(0.0), x(ASKED_MAX), y(mean)];
        put(format_args!("<path class=\"grid\" d=\"M{left:.0} {height:.0}H{right:.0}\"/>\n"));
        put(format_args!(
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{mean} s</text>\n",
            left - 8.0,
            height + 4.0
        ));
        put(format_args!(
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{asked}</text>\n",
            x(asked),
            y(0.0) + 18.0
        ));
    }
    put(format_args!(
        "<path class=\"axis\" fill=\"none\" d=\"M{0:.0} {1:.0}V{2:.0}H{3:.0}\"/>\n",
        x(0.0),
        TOP,
        y(0.0),
        x(ASKED_MAX)
    ));
    put(format_args!(
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">requests per order</text>\n\
         <text x=\"{:.0}\" y=\"{:.0}\">mean delay</text>\n",
        x(ASKED_MAX / 2.0),
        HEIGHT - 8.0,
        LEFT + 8.0,
        TOP + 12.0
    ));
    for (_, tally) in others.iter().filter(|(_, tally)| tally.asked() <= ASKED_MAX && tally.mean() <= MEAN_MAX) {
        put(format_args!(
            "<circle class=\"other\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.5\"/>\n",
            x(tally.asked()),
            y(tally.mean())
        ));
    }
    for (plan, tally) in Plan::ALL.iter().zip(plans) {
        let (class, dy) = match plan {
            Plan::Fixed => ("plan", 20.0),
            Plan::Adyen => ("plan", -12.0),
            Plan::Ours | Plan::Events => ("ours", -12.0),
        };
        let (cx, cy) = (x(tally.asked()), y(tally.mean()));
        put(format_args!("<circle class=\"{class}\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"6\"/>\n"));
        put(format_args!("<text x=\"{:.1}\" y=\"{:.1}\">{}</text>\n", cx + 4.0, cy + dy, plan.name()));
    }
    svg + "</svg>\n"
}

fn x(asked: f64) -> f64 {
    LEFT + asked / ASKED_MAX * (WIDTH - LEFT - 16.0)
}

fn y(mean: f64) -> f64 {
    HEIGHT - BOTTOM - mean / MEAN_MAX * (HEIGHT - BOTTOM - TOP)
}
