//! `docs/polling.md`.

use std::fmt::Write;
use std::path::Path;
use std::time::Instant;
use std::{env, fs, thread};

use super::payer::{MEDIAN_MS, Payer, SIGMA};
use super::sweep::{Numbers, neighbours};
use super::tally::{self, ByPlan, Populations, Tally};
use super::{CODE_MS, Plan, chart};

/// What one machine is taken to answer, in requests per second.
const MACHINE: f64 = 2_000.0;
/// What the figures of the few that a test plays may differ by from those of a million, as a share.
const NEAR: f64 = 0.05;
/// The same where few payers decide: among all kinds those who never pay, and with Adyen's plan one in twenty, who waits for up
/// to ten seconds.
const NEAR_OF_FEW: f64 = 0.2;

/// Plays orders, and holds the document to what comes out: its words, its tables, and about its figures. As `cargo xtask polling`
/// calls it, with `POLLING_ORDERS`, it plays so many and writes document and chart.
#[test]
fn it_says_what_is_played() {
    let started = Instant::now();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/polling.md");
    if let Ok(orders) = env::var("POLLING_ORDERS") {
        let orders = orders.parse().unwrap();
        let kinds = Populations::play(orders / 5);
        let found = Found::play(orders, &kinds, 5_000);
        fs::write(file.with_extension("svg"), chart::draw(&found.kinds.watching, &found.swept)).unwrap();
        fs::write(&file, found.text(started)).unwrap();
        return;
    }
    let text = Found::play(2_000, Populations::few(), 100).text(started);
    // How many were played, how long that took, and who of so many others is as good, is of that run.
    let of_the_run = |line: &&str| ["The grey points", "Written by"].iter().any(|start| line.starts_with(start));
    let lines = |text: &str| text.lines().filter(|line| !of_the_run(line)).map(str::to_owned).collect::<Vec<_>>();
    let [said, played] = [lines(&fs::read_to_string(file).unwrap()), lines(&text)];
    assert_eq!(said.len(), played.len(), "`cargo xtask polling` writes another document");
    let mut of_any = false;
    for (said, played) in said.iter().zip(&played) {
        if said.starts_with("## ") && said.ends_with(" orders") {
            of_any = true;
            continue;
        }
        let share = if of_any || said.starts_with("| Adyen") { NEAR_OF_FEW } else { NEAR };
        let told = format!("docs/polling.md says\n{said}\nand it is\n{played}\n(cargo xtask polling)");
        assert!(is_near(said, played, share), "{told}");
    }
}

/// Whether two lines say the same in all but figures, and nearly so in those.
fn is_near(one: &str, other: &str, share: f64) -> bool {
    let [ones, others] = [parts(one), parts(other)];
    let near = |a: f64, b: f64| (a - b).abs() <= (a.abs().max(b.abs()) * share).max(0.02);
    ones.len() == others.len()
        && ones.iter().zip(&others).all(|(one, other)| match (one.parse(), other.parse()) {
            (Ok(one), Ok(other)) => near(one, other),
            _ => one == other,
        })
}

/// Figures, without what groups their digits, and what is between them.
fn parts(line: &str) -> Vec<String> {
    let is_figure = |char: char| char.is_ascii_digit() || char == '.' || char == ',';
    let mut parts: Vec<String> = Vec::new();
    let mut before = None;
    for char in line.chars() {
        let is = is_figure(char);
        if before != Some(is) {
            parts.push(String::new());
        }
        before = Some(is);
        if let Some(part) = parts.last_mut().filter(|_| char != ',') {
            part.push(char);
        }
    }
    parts
}

#[test]
fn figures_are_compared_as_numbers_and_words_as_words() {
    assert!(is_near("| ours | 135,000 | 1.40 s |", "| ours | 137,000 | 1.42 s |", 0.05));
    assert!(!is_near("| ours | 135,000 | 1.40 s |", "| ours | 150,000 | 1.40 s |", 0.05));
    assert!(!is_near("| ours | 135,000 | 1.40 s |", "| fixed | 135,000 | 1.40 s |", 0.05));
}

/// What was found.
struct Found<'a> {
    orders: u64,
    any: ByPlan,
    kinds: &'a Populations,
    /// So many orders each other plan was tried with,
    tried: u64,
    /// and what became of them.
    swept: Vec<(Numbers, Tally)>,
}

impl<'a> Found<'a> {
    fn play(orders: u64, kinds: &'a Populations, tried: u64) -> Self {
        let swept = neighbours().into_iter().map(|numbers| (numbers, numbers.play(tried))).collect();
        Self { orders, any: tally::play(orders, Payer::any), kinds, tried, swept }
    }

    fn text(&self, started: Instant) -> String {
        let mut text = INTRODUCTION
            .replace("{median}", &(MEDIAN_MS / 1000.0).to_string())
            .replace("{sigma}", &SIGMA.to_string())
            .replace("{trip}", &CODE_MS.to_string());
        let mut put = |part: &str| text.push_str(part);
        put(
            "## Payers who look at the code\n\nNobody hides the page, and everybody pays: the population that the plan is made for.\n\n",
        );
        put(&table(&self.kinds.watching));
        put(&frontier(&self.kinds.watching, &self.swept, self.tried));
        put("## Payers who come back, or say \"I have paid\"\n\n");
        put(
            "Back between four seconds before having paid and eight after, the code having been left after a third of the time:\n\n",
        );
        put(&table(&self.kinds.returning));
        put("\n\"I have paid\" within the same seconds, on a page that was looked at all the time:\n\n");
        put(&table(&self.kinds.saying));
        put(&format!("\n## {} orders\n\n{ANYBODY}", grouped(self.orders)));
        put(&table(&self.any));
        put(&machines(&self.any));
        put(&format!("\n{KINDS}"));
        put(&format!(
            "\nWritten by `cargo xtask polling` on {}, in {} s, on {}.\n",
            env::var("POLLING_DATE").unwrap_or_else(|_| "an unknown day".to_owned()),
            started.elapsed().as_secs(),
            machine()
        ));
        text
    }
}

fn table(tallies: &ByPlan) -> String {
    let mut text =
        "| plan | requests per order | of them with `verify=1` | mean delay | p95 | requests against fixed 2 s |\n\
                    |---|---:|---:|---:|---:|---:|\n"
            .to_owned();
    for (plan, tally) in Plan::ALL.iter().zip(tallies) {
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| {} | {:.2} | {:.2} | {:.2} s | {:.2} s | {:.1} % |",
            plan.name(),
            tally.asked(),
            tally.verified(),
            tally.mean(),
            tally.p95(),
            100.0 * tally.asked() / tallies[0].asked(),
        );
    }
    text
}

/// How the core's numbers stand among others.
fn frontier([_, _, ours, _]: &ByPlan, swept: &[(Numbers, Tally)], tried: u64) -> String {
    let mut better: Vec<_> =
        swept.iter().filter(|(_, tally)| tally.asked() <= ours.asked() && tally.mean() <= ours.mean()).collect();
    better.sort_by(|(_, one), (_, other)| (one.asked() * one.mean()).total_cmp(&(other.asked() * other.mean())));
    let Numbers { first, then, until, late } = Numbers::OURS;
    let mut text = format!(
        "\n![Requests per order and mean delay of the plans](polling.svg)\n\nThe grey points are other plans of the same form, of {} \
         that were tried by arithmetic with {} payers each. The core's numbers are {} s first, then {} s until {} s after the code \
         appeared, then {} s (and {} s after five minutes, which hardly a payer sees). ",
        swept.len(),
        grouped(tried),
        first as f64 / 1000.0,
        then as f64 / 1000.0,
        until / 1000,
        late as f64 / 1000.0,
        10,
    );
    text += &match better.as_slice() {
        [] => "None of the others asks as little and is as soon.\n\n".to_owned(),
        [(numbers, tally), ..] => format!(
            "{} of them ask as little and are as soon; the best of those ({} s first, {} s until {} s, then {} s) asks {:.2} times \
             at {:.2} s.\n\n",
            better.len(),
            numbers.first as f64 / 1000.0,
            numbers.then as f64 / 1000.0,
            numbers.until / 1000,
            numbers.late as f64 / 1000.0,
            tally.asked(),
            tally.mean(),
        ),
    };
    text
}

/// What the orders come to where they stay open, as many as they are.
fn machines(any: &ByPlan) -> String {
    let mut text = format!(
        "\nIn a steady state an order that is paid or left makes room for the next. With a million open orders, and what machines bear \
         that answer {} requests per second each (an assumption: a row by its key, and JSON; measure yours):\n\n\
         | plan | requests per second at a million open | open orders on 1 machine | on 100 machines |\n|---|---:|---:|---:|\n",
        grouped(MACHINE as u64)
    );
    for (plan, tally) in Plan::ALL.iter().zip(any) {
        let bears = MACHINE / tally.rate();
        let [all, one, hundred] = [tally.rate() * 1e6, bears, bears * 100.0].map(|number| grouped(rounded(number)));
        let _ = writeln!(text, "| {} | {all} | {one} | {hundred} |", plan.name());
    }
    text
}

/// Three digits say it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, and below 2^53")]
fn rounded(number: f64) -> u64 {
    let unit = 10_f64.powf((number.log10().floor() - 2.0).max(0.0));
    ((number / unit).round() * unit) as u64
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("an unknown processor", |(_, model)| model);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    format!("{threads} threads of {model}")
}

const INTRODUCTION: &str = "# When the backend is asked, and what that costs

How often a page asks for its order decides what a backend needs, and how late a payer sees that it is paid. Here both are counted, by
playing orders through with virtual time: ours by the core itself (`src/core/`, every event and wake of a page), the others beside it, for the
same payers. `cargo xtask polling` does it again and writes this file.

- **Time to pay** is lognormal with a median of {median} s and σ = {sigma}, counted from when the code appeared. With it, asking every 2 s takes 12.3
  requests at 1.08 s, which is where the spread is taken from; your payers' funnel ([telemetry](telemetry.md)) tells theirs.
- **A request** takes {trip} ms, half of it each way. The answer to the first has the code, and that request is counted.
- **Delay** is from when it is paid and the payer can see the page until the page says so. The backend hears of a payment at once.
- **Fixed 2 s** waits 2 s after each answer; **Adyen's plan** (adyen-web, `QRLoader`) 2 s for a minute, then 10 s. Neither
  jitters, and both go on in a hidden page, which browsers wake once a minute when it has been hidden for five.
- **Events** come every 45 s at least, and reach the page 40 ms after they were sent.

";

const ANYBODY: &str = "Of a hundred, 63 look at the code until it is paid, 7 do and tap \"I have paid\" when the page has not said so after 3 s, 10 pay in \
another app or tab and come back, 10 close the page unpaid (after a lognormal time of median 45 s, σ = 1), and 10 never pay and leave \
the page open for 20 minutes, 5 of them in a hidden tab. The order can be paid for 15 minutes; ours asks for 5 minutes more, since a \
late payment may come, the others stop.\n\n";

const KINDS: &str = "## What is waited for decides

Orders are paid at a rate that changes with what the payer is doing, and the best wait between two questions goes with one over the root of
that rate. So there is a plan for each kind of wait (`Hazard` in `src/core/polling.rs`):

| what is waited for | plan |
|---|---|
| a code on a payer's screen | from when the code appeared: first after 6.5 s, for hardly anybody pays before; every 2.45 s in the first minute, 5 s until five minutes, then 10 s |
| a code at a counter or a till | the customer's phone is in hand: every 1.8 s in the first minute, then the same |
| after \"I have paid\", a return, the page being seen again, or anything else that the payer does | at once, with `verify=1` where the payer may have paid; then every 1.8 s in the first minute, then the same. That is for 95 of 100 no later than fixed 2 s |
| a page with a button that has not been tapped, a till that waits for a code | nothing that it holds can be paid yet: every 5 s, then 10 s; the tap or the scan begins the plan anew |
| a till whose customer confirms on the phone | every 5 s with `verify=1`, an option (`code_query_ms`): WeChat Pay says so, and sends no notification |
| any of these, while events come | only the question with `verify=1`, each half minute |

All but the till's have ±20 % jitter. Each half minute of the payer's attention one of the questions has `verify=1`; for a new code the half minute begins when
its first question is due, since hardly anything can be lost before.
";
