//! All that is outside of the flows, and the dice.

use std::{
    cell::{RefCell, RefMut},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use deposits::{Environment, NoRandomness, Order, Status};
use fastrand::Rng;
use jiff::Timestamp;

use crate::{
    coverage::{Call, Coverage, Event, Fault},
    ctrader::Backend,
    events::{Agenda, Happening},
    invariants::ToCount,
    provider::Provider,
    table::Table,
};

/// Milliseconds since the schedule began.
pub type Ms = i64;

pub const SECOND: Ms = 1_000;
pub const MINUTE: Ms = 60 * SECOND;
pub const HOUR: Ms = 60 * MINUTE;

/// Adds a line to the trace, if there is one: `tell!(world, "...")`.
macro_rules! tell {
    ($world:expr, $($text:tt)*) => {
        if $world.trace.is_some() {
            let line = format!($($text)*);
            $world.tell(line);
        }
    };
}
pub(crate) use tell;

/// The outside, and everything known of the truth.
pub struct World {
    pub rng: Rng,
    pub now: Ms,
    /// How much time goes by between two steps of running functions, at most.
    pub pace: Ms,
    /// The faults are over.
    pub calm: bool,
    odds: [u16; Fault::ALL.len()],
    pub orders: Vec<Order>,
    pub table: Table,
    pub ctrader: Backend,
    pub provider: Provider,
    pub agenda: Agenda,
    pub runs: Vec<Run>,
    /// What was announced: which deposit got which status when.
    pub announced: Vec<(usize, Status, Timestamp)>,
    /// Deposits that some fault may have kept from being credited by themselves.
    pub doubted: Vec<bool>,
    pub seen: Box<Coverage>,
    pub trace: Option<Vec<String>>,
    /// The first invariant that did not hold.
    pub broken: Option<String>,
    uniques: u32,
}

/// A running function, as its machine sees it.
pub struct Run {
    pub id: usize,
    pub name: &'static str,
    /// When it is killed.
    pub ends: Ms,
    /// Until when its machine stands still.
    pub wakes: Ms,
    /// At which call it is, and whether that has taken effect.
    pub call: Option<(Call, bool)>,
    /// What it has to count, by what was there when it asked what is open.
    pub to_count: Vec<ToCount>,
}

impl World {
    pub fn new(
        mut rng: Rng,
        orders: Vec<Order>,
        ctrader: Backend,
        seen: Box<Coverage>,
        traced: bool,
    ) -> Self {
        let odds = odds(&mut rng);
        let pace = [100, 100, 2 * SECOND, 8 * SECOND][rng.usize(..4)];
        Self {
            now: 0,
            pace,
            calm: false,
            odds,
            table: Table::new(orders.len()),
            provider: Provider::new(&mut rng, orders.len()),
            agenda: Agenda::default(),
            ctrader,
            runs: Vec::new(),
            announced: Vec::new(),
            doubted: vec![false; orders.len()],
            seen,
            trace: traced.then(Vec::new),
            broken: None,
            uniques: 0,
            orders,
            rng,
        }
    }

    /// Whether the fault strikes here.
    pub fn strikes(&mut self, fault: Fault) -> bool {
        let odds = self.odds[fault as usize];
        let strikes = !self.calm && odds > 0 && self.rng.u16(..1_000) < odds;
        if strikes {
            self.seen.fault(fault);
            tell!(self, "  fault: {fault:?}");
        }
        strikes
    }

    /// Sets how often the fault strikes, of a thousand times.
    pub fn set_odds(&mut self, fault: Fault, odds: u16) {
        self.odds[fault as usize] = odds;
    }

    pub fn tell(&mut self, line: String) {
        let now = self.now as f64 / 1_000.0;
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{now:>10.1}s {line}"));
        }
    }

    /// An invariant does not hold.
    pub fn breaks(&mut self, what: String) {
        tell!(self, "BROKEN: {what}");
        self.broken.get_or_insert(what);
    }

    pub fn time(&self) -> Timestamp {
        timestamp(self.now)
    }

    pub fn soon(&mut self, at_most: Ms) -> Ms {
        self.now + self.rng.i64(0..=at_most)
    }

    pub fn later(&mut self, at_most: Ms, happening: Happening) {
        let at = self.soon(at_most);
        self.agenda.add(at, happening);
    }

    /// No program may be expected to credit what is being credited now.
    pub fn doubt_crediting(&mut self) {
        for (index, doubted) in self.doubted.iter_mut().enumerate() {
            *doubted |= self.table.status(index) == Some(Status::Crediting);
        }
    }
}

/// How likely each fault is in this schedule, of a thousand: most are not at all, so that the others can be met in depth.
fn odds(rng: &mut Rng) -> [u16; Fault::ALL.len()] {
    let mut odds = [0; Fault::ALL.len()];
    let enabled = [0, 15, 30, 60][rng.usize(..4)];
    for odds in &mut odds {
        if rng.u8(..100) < enabled {
            *odds = [10, 60, 200, 500][rng.usize(..4)];
        }
    }
    // Where it takes several of a kind to do harm.
    let family: &[Fault] = match rng.u8(..20) {
        0 => &[
            Fault::LostBeforeCredit,
            Fault::CreditedAnswerLost,
            Fault::CreditedLater,
            Fault::TwoOperators,
        ],
        1 => &[Fault::StreamLost, Fault::MarkLost],
        _ => &[],
    };
    for fault in family {
        odds[*fault as usize] = 400;
    }
    odds[Fault::Crash as usize] /= 4;
    odds[Fault::Throttled as usize] /= 2;
    odds[Fault::NoRandomness as usize] /= 4;
    odds
}

/// The moment, so long after the schedule began.
pub fn timestamp(ms: Ms) -> Timestamp {
    const BEGIN: Ms = 1_800_000_000_000;
    Timestamp::from_millisecond(BEGIN + ms).unwrap()
}

/// The moment, as milliseconds after the schedule began.
pub fn since_begin(moment: Timestamp) -> Ms {
    moment.as_millisecond() - timestamp(0).as_millisecond()
}

/// What one running function has of the world: its ports.
#[derive(Clone)]
pub struct Function {
    world: Rc<RefCell<World>>,
    pub id: usize,
    pub name: &'static str,
    /// How far its clock is off.
    skew: Ms,
}

impl Function {
    pub fn new(world: Rc<RefCell<World>>, id: usize, name: &'static str) -> Self {
        let skew = world.borrow_mut().rng.i64(-SECOND..=SECOND);
        Self {
            world,
            id,
            name,
            skew,
        }
    }

    pub fn world(&self) -> RefMut<'_, World> {
        self.world.borrow_mut()
    }

    /// Before a call takes effect: whatever else is running may go on, and this may be the end of the function.
    pub async fn sends(&self, call: Call) {
        self.at(call, false);
        Turn { over: false }.await;
    }

    /// After a call took effect, before its answer is here: the same.
    pub async fn waits(&self, call: Call) {
        self.at(call, true);
        let waits = {
            let mut world = self.world();
            let asleep = world
                .runs
                .iter()
                .any(|run| run.id == self.id && run.wakes > world.now);
            asleep || world.rng.bool()
        };
        if waits {
            Turn { over: false }.await;
        }
    }

    /// The same for a call to the table, whose answer may find the machine standing still.
    pub async fn waits_or_stands_still(&self, call: Call) {
        self.at(call, true);
        let paused = {
            let mut world = self.world();
            let paused = world.strikes(Fault::Paused);
            if paused {
                let wakes = [MINUTE, 10 * MINUTE, 2 * HOUR][world.rng.usize(..3)];
                let wakes = world.soon(wakes);
                world.doubt_crediting();
                let run = world.runs.iter_mut().find(|run| run.id == self.id).unwrap();
                run.wakes = wakes;
                run.ends = wakes + 20 * SECOND;
            }
            paused
        };
        if paused {
            Turn { over: false }.await;
        } else {
            self.waits(call).await;
        }
    }

    fn at(&self, call: Call, after_effect: bool) {
        let mut world = self.world();
        let run = world.runs.iter_mut().find(|run| run.id == self.id).unwrap();
        run.call = Some((call, after_effect));
    }

    pub fn tell(&self, line: impl FnOnce() -> String) {
        let mut world = self.world();
        if world.trace.is_some() {
            let line = format!("[{} {}] {}", self.name, self.id, line());
            world.tell(line);
        }
    }

    pub fn met(&self, event: Event) {
        self.world().seen.event(event);
    }
}

impl Environment for Function {
    fn now(&self) -> Timestamp {
        timestamp(self.world().now + self.skew)
    }

    fn unique(&self) -> Result<String, NoRandomness> {
        let mut world = self.world();
        if world.strikes(Fault::NoRandomness) {
            return Err(NoRandomness);
        }
        world.uniques += 1;
        Ok(format!("u{}", world.uniques))
    }
}

/// Is pending once.
struct Turn {
    over: bool,
}

impl Future for Turn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.over {
            return Poll::Ready(());
        }
        self.over = true;
        Poll::Pending
    }
}
