//! How much of everything.

use std::env;
use std::time::Duration;

/// Where the backend keeps its orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// What one run is made of. The same seed gives the same payers, the same moments at which they come and the backend is killed,
/// and the same dice at WeChat Pay; how long payers think, and what meets what, is left to the machine.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) database: Database,
    pub(crate) seed: u64,
    /// How many processes of the backend there are.
    pub(crate) instances: usize,
    /// How many payers mean to pay.
    pub(crate) payments: usize,
    /// Within which time they come.
    pub(crate) span: Duration,
    /// How often the backend is killed at most.
    pub(crate) kills: usize,
    /// How many milliseconds it lives before it is killed.
    pub(crate) lives_ms: std::ops::Range<u64>,
    /// Since when and for how long PostgreSQL stands still.
    pub(crate) outage: Option<(Duration, Duration)>,
    /// Orders that nobody pays run out; otherwise the shop closes them in the end, which takes less than the minute that an order
    /// lives at least.
    pub(crate) runs_out: bool,
}

/// What a payer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payer {
    /// Scans the QR and pays.
    Native,
    /// Pays from a phone's browser.
    H5,
    /// Shows a payment code.
    Code,
    /// Shows one for so much that the password is asked for: mistyped, cancelled or confirmed.
    Password,
    /// Takes H5 after the QR was shown, and may scan the QR in that moment.
    Switch,
    /// Has the sheet of the QR open, takes H5, and pays both.
    Twice,
    /// Has two pages open, which ask at the same time.
    Tabs,
    /// Looks at the QR and goes.
    Leaves,
    /// Closes the page's order, and may pay in that moment.
    Closes,
    /// Shows a payment code, and never types the password.
    Silent,
}

const PAYING: [Payer; 10] = [
    Payer::Native,
    Payer::Code,
    Payer::H5,
    Payer::Twice,
    Payer::Password,
    Payer::Native,
    Payer::Switch,
    Payer::Tabs,
    Payer::H5,
    Payer::Code,
];
const OTHERS: [Payer; 3] = [Payer::Leaves, Payer::Closes, Payer::Silent];

/// Of so many payers one pays nothing.
const OTHER_EACH: usize = 4;

impl Plan {
    /// The short run of the test command, or what `cargo xtask chaos` asks for.
    pub(crate) fn of(database: Database) -> Self {
        let number = |name| env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
        let seed = number("CHAOS_SEED").unwrap_or(20_261_130);
        match number("CHAOS_PAYMENTS") {
            None => Self {
                database,
                seed,
                instances: 1,
                payments: 12,
                span: Duration::from_secs(8),
                kills: 3,
                lives_ms: 1_500..3_500,
                outage: None,
                runs_out: false,
            },
            Some(payments) => {
                let span = number("CHAOS_SPAN_S").map(Duration::from_secs);
                let span = span.unwrap_or(Duration::from_millis(payments * 550).max(Duration::from_secs(20)));
                let outage = (span / 4, Duration::from_secs(60));
                Self {
                    database,
                    seed,
                    instances: 1,
                    payments: usize::try_from(payments).unwrap(),
                    span,
                    kills: usize::MAX,
                    lives_ms: 2_000..9_000,
                    outage: (database == Database::Postgres).then_some(outage),
                    runs_out: true,
                }
            }
        }
    }

    /// Who comes, and when.
    pub(crate) fn payers(&self) -> Vec<(Payer, Duration)> {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let span = u64::try_from(self.span.as_millis()).unwrap();
        let others = self.payments.div_ceil(OTHER_EACH);
        let paying = PAYING.into_iter().cycle().take(self.payments);
        let all = paying.chain(OTHERS.into_iter().cycle().take(others));
        all.map(|payer| (payer, Duration::from_millis(random.u64(0..span)))).collect()
    }
}

impl Payer {
    pub(crate) fn means_to_pay(self) -> bool {
        !OTHERS.contains(&self)
    }
}
