//! The simulated world around the flows, with its random numbers.

use std::{
    cell::{RefCell, RefMut},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use domain::{NoRandomness, RecordId};
use fastrand::Rng;
use jiff::Timestamp;

use crate::{
    Environment, Record, Status, Workflow,
    simulation::{
        Model,
        agenda::{Agenda, Happening},
        coverage::{Call, CallOf, Coverage, Fault, Kind},
        invariants::ToCount,
        table::Table,
    },
};

/// Milliseconds since the schedule began.
pub type Ms = i64;

/// In milliseconds.
pub const SECOND: Ms = 1_000;
/// In milliseconds.
pub const MINUTE: Ms = 60 * SECOND;
/// In milliseconds.
pub const HOUR: Ms = 60 * MINUTE;

/// Adds a line to the trace, if it is on: `trace!(world, "...")`.
#[macro_export]
macro_rules! trace {
    ($world:expr, $($text:tt)*) => {
        if $world.is_traced() {
            let line = format!($($text)*);
            $world.trace(&line);
        }
    };
}

/// The simulated world, which knows the truth.
pub struct World<M: Model> {
    /// The random numbers of the schedule.
    pub rng: Rng,
    /// The true time.
    pub now: Ms,
    /// The longest time between two steps of running functions.
    pub pace: Ms,
    /// Whether the faults are over.
    pub calm: bool,
    /// How many steps the faults may last.
    pub steps: usize,
    /// The workflow's own outside.
    pub model: M,
    /// The table.
    pub table: Table<M::Workflow>,
    /// Future events.
    pub agenda: Agenda<M>,
    /// For each record, whether a fault may have kept a program from finishing its work.
    pub doubted: Vec<bool>,
    /// The coverage.
    pub seen: Box<Coverage<M>>,
    /// The abandoned records that are not served yet, and one of them. They are alike.
    pub(super) abandoned: Option<(u32, Record<M::Workflow>)>,
    pub(super) runs: Vec<Run<M>>,
    /// The published statuses: record, status, and when the record got it.
    pub(super) published: Vec<(usize, <M::Workflow as Workflow>::Status, Timestamp)>,
    /// The first broken invariant.
    pub(super) broken: Option<String>,
    pub(super) lines: Option<Vec<String>>,
    odds: Vec<u16>,
    own_odds: Vec<u16>,
    uniques: u32,
}

/// A running function and its machine.
pub(super) struct Run<M: Model> {
    pub id: usize,
    pub name: &'static str,
    /// When it is killed.
    pub ends: Ms,
    /// Until when its machine pauses.
    pub wakes: Ms,
    /// The current call, and whether it has taken effect.
    pub call: Option<(CallOf<M>, bool)>,
    /// The records that a round has to count, taken when it began to count.
    pub to_count: Option<Vec<ToCount<M::Workflow>>>,
    /// Whether the index lagged when it counted.
    pub counts_badly: bool,
    /// Whether a list of the index was refused, or lagged.
    pub lists_badly: bool,
    /// The records that it loaded.
    pub loaded: Vec<usize>,
    /// Whether it loaded abandoned records.
    pub loads_abandoned: bool,
    /// The version that its operator looked at.
    pub decides_about: Option<u64>,
}

impl<M: Model> World<M> {
    pub(super) fn new(mut rng: Rng, seen: Box<Coverage<M>>, traced: bool) -> Self {
        let model = M::new(&mut rng);
        let records = model.records();
        let (odds, own_odds) = odds::<M>(&mut rng);
        let pace = [100, 100, 2 * SECOND, 8 * SECOND][rng.usize(..4)];
        Self {
            rng,
            now: 0,
            pace,
            calm: false,
            steps: 500,
            model,
            table: Table::new(records),
            agenda: Agenda::default(),
            doubted: vec![false; records],
            seen,
            abandoned: None,
            runs: Vec::new(),
            published: Vec::new(),
            broken: None,
            lines: traced.then(Vec::new),
            odds,
            own_odds,
            uniques: 0,
        }
    }

    /// Draws whether the fault strikes here.
    pub fn strikes(&mut self, fault: Fault) -> bool {
        let strikes = self.draw(self.odds[fault.position()]);
        if strikes {
            self.seen.fault(fault);
            trace!(self, "  fault: {fault:?}");
        }
        strikes
    }

    /// A new id for an operator's request.
    #[expect(clippy::expect_used, reason = "it is one")]
    pub(super) fn request_id(&mut self) -> RecordId {
        self.uniques += 1;
        format!("{:026}", self.uniques).parse().expect("an id")
    }

    /// Draws whether a fault of the workflow's own outside strikes here.
    pub fn strikes_own(&mut self, fault: M::Fault) -> bool {
        let strikes = self.draw(self.own_odds[fault.position()]);
        if strikes {
            self.seen.own_fault(fault);
            trace!(self, "  fault: {fault:?}");
        }
        strikes
    }

    fn draw(&mut self, odds: u16) -> bool {
        !self.calm && odds > 0 && self.rng.u16(..1_000) < odds
    }

    /// From now on this fault always strikes. Functions may still be killed, and no other fault strikes.
    pub fn only(&mut self, fault: M::Fault) {
        self.odds.fill(0);
        self.odds[Fault::Crash.position()] = 5;
        self.own_odds.fill(0);
        self.own_odds[fault.position()] = 1_000;
    }

    /// Whether the trace is on.
    pub fn is_traced(&self) -> bool {
        self.lines.is_some()
    }

    /// Adds a line to the trace: [`trace!`](crate::trace!).
    pub fn trace(&mut self, line: &str) {
        let now = self.now as f64 / 1_000.0;
        if let Some(lines) = &mut self.lines {
            lines.push(format!("{now:>10.1}s {line}"));
        }
    }

    /// Reports a broken invariant. The first report counts.
    pub fn breaks(&mut self, what: String) {
        trace!(self, "BROKEN: {what}");
        self.broken.get_or_insert(what);
    }

    /// The true time.
    pub fn time(&self) -> Timestamp {
        timestamp(self.now)
    }

    /// A random time within this span from now.
    pub fn soon(&mut self, within: Ms) -> Ms {
        self.now + self.rng.i64(0..=within)
    }

    /// Adds an event at a random time within this span from now.
    pub fn later(&mut self, within: Ms, happening: Happening<M>) {
        let at = self.soon(within);
        self.agenda.add(at, happening);
    }

    /// Delays the answer to the function's call until this time.
    pub fn answered_at(&mut self, function: &Function<M>, at: Ms) {
        if let Some(run) = self.run(function.id) {
            run.wakes = at;
        }
    }

    /// Marks the records whose work is under way: no program can be expected to finish it.
    pub fn doubt_work(&mut self) {
        for (index, doubted) in self.doubted.iter_mut().enumerate() {
            let status = self.table.status(index);
            *doubted |= status.is_some_and(|status| status.waits_for_program() && !status.is_work());
        }
    }

    pub(super) fn run(&mut self, id: usize) -> Option<&mut Run<M>> {
        self.runs.iter_mut().find(|run| run.id == id)
    }
}

/// The probability of each fault in this schedule, per thousand. Most are zero, so that a schedule meets the
/// others often.
fn odds<M: Model>(rng: &mut Rng) -> (Vec<u16>, Vec<u16>) {
    let mut odds = vec![0; Fault::ALL.len() + M::Fault::ALL.len()];
    let enabled = [0, 15, 30, 60][rng.usize(..4)];
    for odds in &mut odds {
        if rng.u8(..100) < enabled {
            *odds = [10, 60, 200, 500][rng.usize(..4)];
        }
    }
    let mut own_odds = odds.split_off(Fault::ALL.len());
    // Some harm takes several faults of one family.
    let (family, own_family): (&[Fault], &[M::Fault]) = match rng.u8(..20) {
        0 => (&[Fault::TwoOperators], M::FAMILY),
        1 => (&[Fault::StreamLost, Fault::MarkLost], &[]),
        _ => (&[], &[]),
    };
    for fault in family {
        odds[fault.position()] = 400;
    }
    for fault in own_family {
        own_odds[fault.position()] = 400;
    }
    odds[Fault::Crash.position()] /= 4;
    odds[Fault::Throttled.position()] /= 2;
    odds[Fault::NoRandomness.position()] /= 4;
    odds[Fault::Abandoned.position()] /= 4;
    (odds, own_odds)
}

/// The beginning of a schedule, in milliseconds since 1970.
const BEGIN: Ms = 1_800_000_000_000;

/// The time at this many milliseconds after the beginning.
pub fn timestamp(ms: Ms) -> Timestamp {
    Timestamp::from_millisecond(BEGIN + ms).unwrap_or(Timestamp::MAX)
}

/// The time in milliseconds after the beginning.
pub fn since_begin(moment: Timestamp) -> Ms {
    moment.as_millisecond() - BEGIN
}

/// The ports of one running function to the world.
pub struct Function<M: Model> {
    world: Rc<RefCell<World<M>>>,
    pub(super) id: usize,
    name: &'static str,
    /// How far its clock is off.
    skew: Ms,
}

impl<M: Model> Clone for Function<M> {
    fn clone(&self) -> Self {
        Self {
            world: Rc::clone(&self.world),
            ..*self
        }
    }
}

impl<M: Model> Function<M> {
    pub(super) fn new(world: Rc<RefCell<World<M>>>, id: usize, name: &'static str) -> Self {
        let skew = world.borrow_mut().rng.i64(-SECOND..=SECOND);
        Self {
            world,
            id,
            name,
            skew,
        }
    }

    /// The world. Must not be held across an `await`.
    pub fn world(&self) -> RefMut<'_, World<M>> {
        self.world.borrow_mut()
    }

    /// The id of this run.
    pub fn id(&self) -> usize {
        self.id
    }

    /// Called before a call takes effect. Other functions may continue, and this function may be killed.
    pub async fn sends(&self, call: CallOf<M>) {
        self.at(call, false);
        Turn { over: false }.await;
    }

    /// Called after a call took effect and before its answer arrives. Other functions may continue, and this
    /// function may be killed.
    pub async fn waits(&self, call: CallOf<M>) {
        self.at(call, true);
        let waits = {
            let mut world = self.world();
            let now = world.now;
            let asleep = world.run(self.id).is_some_and(|run| run.wakes > now);
            asleep || world.rng.bool()
        };
        if waits {
            Turn { over: false }.await;
        }
    }

    /// The same for a call to the table. The machine may pause before the answer arrives.
    pub(super) async fn waits_or_stands_still(&self, call: Call<<M::Workflow as Workflow>::Status>) {
        self.at(call, true);
        let paused = {
            let mut world = self.world();
            let paused = world.strikes(Fault::Paused);
            if paused {
                let longest = [MINUTE, 10 * MINUTE, 2 * HOUR][world.rng.usize(..3)];
                let wakes = world.soon(longest);
                world.doubt_work();
                if let Some(run) = world.run(self.id) {
                    run.wakes = wakes;
                    run.ends = wakes + 20 * SECOND;
                }
            }
            paused
        };
        if paused {
            Turn { over: false }.await;
        } else {
            self.waits(call).await;
        }
    }

    fn at(&self, call: CallOf<M>, after_effect: bool) {
        if let Some(run) = self.world().run(self.id) {
            run.call = Some((call, after_effect));
        }
    }

    /// Adds a line to the trace, if it is on.
    pub fn trace(&self, line: impl FnOnce() -> String) {
        let mut world = self.world();
        if world.is_traced() {
            let line = format!("[{} {}] {}", self.name, self.id, line());
            world.trace(&line);
        }
    }

    /// Counts an event of the workflow's own outside.
    pub fn met(&self, event: M::Event) {
        self.world().seen.met(event);
    }
}

impl<M: Model> Environment for Function<M> {
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

/// A future that is pending once.
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
