//! What is going to happen, and when.

use deposits::{Deposit, Status, Transition};
use jiff::Timestamp;

use crate::{ctrader::Effect, operator::Verdict, provider::Doing, world::Ms};

/// Something that happens outside of the functions, or starts one.
pub enum Happening {
    /// A trader submits the form.
    Order { deposit: usize },
    /// Something happens at the payment provider.
    Provider { deposit: usize, doing: Doing },
    /// The provider sends a notification, again and again until it is answered.
    Deliver { note: usize },
    /// The provider sends a notification that was answered already.
    Replay { note: usize },
    /// The schedule of `reconcile` is due.
    Reconcile,
    /// Somebody asks for a credit whose time may not have come.
    Stray { deposit: usize },
    /// An operator looks at a deposit.
    Look { deposit: usize },
    /// An operator finds out what is true in cTrader, and decides.
    Decide { deposit: usize, version: u64 },
    /// An operator gives the command.
    Resolve(Verdict),
    /// A write that was given up is applied.
    Write(Box<(usize, Deposit, Transition)>),
    /// A write of `due` that was given up is applied.
    Due {
        deposit: usize,
        version: u64,
        due: Timestamp,
    },
    /// A credit whose answer was given up is applied.
    Effect(Effect),
    /// The announcer learns of a change.
    Announce {
        deposit: usize,
        version: u64,
        status: Status,
        since: Timestamp,
    },
    /// The announcer writes down that it has announced.
    Mark {
        deposit: usize,
        version: u64,
        status: Status,
    },
}

/// What is going to happen.
#[derive(Default)]
pub struct Agenda {
    entries: Vec<(Ms, Happening)>,
}

impl Agenda {
    pub fn add(&mut self, at: Ms, happening: Happening) {
        self.entries.push((at, happening));
    }

    /// When the next is due.
    pub fn next(&self) -> Option<Ms> {
        self.entries.iter().map(|(at, _)| *at).min()
    }

    /// How many are due.
    pub fn due(&self, now: Ms) -> usize {
        self.entries.iter().filter(|(at, _)| *at <= now).count()
    }

    /// Takes one of those that are due: the `nth`, but what lands in cTrader is there when its time has come, for whoever
    /// looks.
    pub fn take(&mut self, now: Ms, nth: usize) -> Happening {
        let mut due = self.entries.iter().enumerate().filter(|(_, (at, _))| *at <= now);
        let mut landing = due.clone();
        let landing = landing.find(|(_, (_, happening))| matches!(happening, Happening::Effect(_)));
        let (index, _) = landing.or_else(|| due.nth(nth)).unwrap();
        self.entries.swap_remove(index).1
    }
}
