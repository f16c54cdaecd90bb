//! One schedule: the order in which running functions continue and events happen.

use std::{
    cell::{RefCell, RefMut},
    pin::Pin,
    rc::Rc,
    task::{Context, Waker},
};

use fastrand::Rng;
use jiff::SignedDuration;

use crate::{
    DecideError, Environment, Operator, Principal, Record, Status, Workflow, guard,
    simulation::{
        Function, HOUR, MINUTE, Model, Ms, SECOND, Verdict, World,
        agenda::Happening,
        coverage::{Coverage, Event, Fault},
        table::{id, index, is_abandoned},
        world::{Run, since_begin},
    },
    trace,
};

/// How long a function may run.
const TIMEOUT: Ms = 30 * SECOND;

/// How long a round may begin work on records.
const ROUND: SignedDuration = SignedDuration::from_secs(8);

/// How many functions may run at once.
const MAX_AT_ONCE: usize = 6;

/// How many rounds it may take until nothing remains to be done.
const MAX_ROUNDS: usize = 40;

/// The outcome of a schedule.
pub struct Outcome<M: Model> {
    /// The first broken invariant.
    pub broken: Option<String>,
    /// The trace, if it was requested.
    pub trace: Vec<String>,
    /// The coverage.
    pub seen: Box<Coverage<M>>,
}

/// Runs the schedule of a seed.
pub fn run<M: Model>(seed: u64, seen: Box<Coverage<M>>, traced: bool) -> Outcome<M> {
    let mut schedule = Schedule::new(seed, seen, traced);
    let steps = schedule.world().steps;
    for _ in 0..steps {
        if schedule.is_broken() || !schedule.step() {
            break;
        }
    }
    schedule.settle();
    let Schedule { world, functions, .. } = schedule;
    drop(functions);
    let mut world = world.borrow_mut();
    world.seen.schedules += 1;
    Outcome {
        broken: world.broken.take(),
        trace: world.lines.take().unwrap_or_default(),
        seen: std::mem::take(&mut world.seen),
    }
}

type Running = Pin<Box<dyn Future<Output = ()>>>;

/// A function to start.
pub struct Start<M: Model> {
    name: &'static str,
    body: Box<dyn FnOnce(Function<M>) -> Running>,
    decides_about: Option<u64>,
}

impl<M: Model> Start<M> {
    /// A function with this name.
    pub fn new<F: Future<Output = ()> + 'static>(
        name: &'static str,
        body: impl FnOnce(Function<M>) -> F + 'static,
    ) -> Self {
        Self {
            name,
            body: Box::new(move |function| Box::pin(body(function))),
            decides_about: None,
        }
    }
}

struct Schedule<M: Model> {
    world: Rc<RefCell<World<M>>>,
    /// In the order of the world's runs.
    functions: Vec<Running>,
    started: usize,
}

impl<M: Model> Schedule<M> {
    fn new(seed: u64, seen: Box<Coverage<M>>, traced: bool) -> Self {
        let mut world = World::new(Rng::with_seed(mixed(seed)), seen, traced);
        M::plan(&mut world);
        Self {
            world: Rc::new(RefCell::new(world)),
            functions: Vec::new(),
            started: 0,
        }
    }

    fn world(&self) -> RefMut<'_, World<M>> {
        self.world.borrow_mut()
    }

    fn is_broken(&self) -> bool {
        self.world().broken.is_some()
    }

    /// Makes one step. False if there is nothing left to do.
    fn step(&mut self) -> bool {
        self.kill();
        let mut world = self.world();
        let now = world.now;
        let awake: Vec<_> = (0..world.runs.len())
            .filter(|at| world.runs[*at].wakes <= now)
            .collect();
        let due = world.agenda.due(now);
        let dice = world.rng.u8(..10);
        if !awake.is_empty() && (dice < 6 || dice < 8 && due == 0) {
            let at = awake[world.rng.usize(..awake.len())];
            let crashes = world.strikes(Fault::Crash);
            drop(world);
            if crashes {
                self.end(at, "crashes");
            } else {
                self.poll(at);
            }
        } else if due > 0 && (awake.is_empty() || dice < 9) {
            let nth = world.rng.usize(..due);
            let happening = world.agenda.take(now, nth);
            drop(world);
            if let Some(happening) = happening {
                self.happen(happening);
            }
        } else if !awake.is_empty() {
            let pace = world.pace;
            world.now = world.soon(pace);
        } else {
            let wakes = world.runs.iter().map(|run| run.wakes.min(run.ends + 1)).min();
            let next = world.agenda.next().into_iter().chain(wakes).min();
            let Some(next) = next else {
                return false;
            };
            world.now = now.max(next);
        }
        true
    }

    /// Kills functions that have reached their timeout.
    fn kill(&mut self) {
        let overdue = |world: &World<M>| world.runs.iter().position(|run| run.ends < world.now);
        loop {
            let found = overdue(&self.world());
            let Some(at) = found else {
                return;
            };
            self.world().seen.event(Event::Killed);
            self.end(at, "is killed");
        }
    }

    /// Ends a function at its current call.
    fn end(&mut self, at: usize, how: &str) {
        let dead = self.functions.swap_remove(at);
        drop(dead);
        let mut world = self.world();
        let run = world.runs.swap_remove(at);
        trace!(world, "[{} {}] {how}", run.name, run.id);
        if let Some((call, after_effect)) = run.call {
            world.seen.death(call, after_effect);
        }
        world.doubt_work();
    }

    fn poll(&mut self, at: usize) {
        self.world().seen.steps += 1;
        let mut context = Context::from_waker(Waker::noop());
        if self.functions[at].as_mut().poll(&mut context).is_ready() {
            drop(self.functions.swap_remove(at));
            self.world().runs.swap_remove(at);
        }
    }

    fn start(&mut self, start: Start<M>) {
        self.started += 1;
        let id = self.started;
        let function = Function::new(Rc::clone(&self.world), id, start.name);
        let mut world = self.world();
        let ends = world.now + guard!(FunctionsAreKilled, TIMEOUT, without HOUR);
        world.runs.push(Run {
            id,
            name: start.name,
            ends,
            wakes: 0,
            call: None,
            to_count: None,
            counts_badly: false,
            lists_badly: false,
            loaded: Vec::new(),
            loads_abandoned: false,
            decides_about: start.decides_about,
        });
        drop(world);
        self.functions.push((start.body)(function));
    }

    fn happen(&mut self, happening: Happening<M>) {
        let starts = match &happening {
            Happening::Reconcile | Happening::Command(_) => true,
            Happening::Own(own) => M::starts(own),
            _ => false,
        };
        let mut world = self.world();
        if starts && self.functions.len() >= MAX_AT_ONCE {
            let later = world.soon(MINUTE) + SECOND;
            return world.agenda.add(later, happening);
        }
        let mut starts = Vec::new();
        match happening {
            Happening::Create(index) => world.create(index),
            Happening::Look(index) => guard!(OperatorsWork, world.look(index), without {}),
            Happening::Decide(index, version) => {
                if let Some(choice) = M::decide(&mut world, index) {
                    world.verdict(index, version, choice);
                }
            }
            Happening::Own(own) => starts = M::happen(&mut world, own),
            Happening::Write(late) => {
                trace!(world, "a late write arrives: {} {}", late.index, late.next.status);
                let _ = world.write(late.index, &late.next, &late.transition, late.by);
            }
            Happening::Republish(at, due_at) => {
                let _ = world.republish(at, due_at);
            }
            Happening::Publish(at, status, since) => world.publish(at, status, since),
            Happening::Mark(at, status) => world.mark(at, status),
            Happening::Reconcile => {
                let two = world.strikes(Fault::TwoReconcilers);
                let round = || Start::new("reconcile", round);
                starts.extend((0..=usize::from(two)).map(|_| round()));
            }
            Happening::Command(verdict) => {
                let decides_about = Some(verdict.version);
                let start = Start::new("operator", move |function| command(function, verdict));
                starts.push(Start {
                    decides_about,
                    ..start
                });
            }
        }
        drop(world);
        for start in starts {
            self.start(start);
        }
    }

    /// Ends the faults, lets all work finish, and checks the end.
    fn settle(&mut self) {
        {
            let mut world = self.world();
            world.calm = true;
            world.abandoned = None;
            world.pace = 100;
            trace!(world, "the faults are over");
        }
        let operator_works = self.world().rng.bool();
        self.exhaust();
        for _ in 0..MAX_ROUNDS {
            if self.is_broken() {
                return;
            }
            let settled = self.world().is_settled();
            let waiting = self.world().waiting_for_operator();
            if settled && (waiting.is_empty() || !operator_works) {
                break;
            }
            {
                let mut world = self.world();
                let due = world.next_due().unwrap_or_default();
                world.now = due.max(world.now + MINUTE) + 2 * SECOND;
                world.later(SECOND, Happening::Reconcile);
                M::settle(&mut world);
                if operator_works {
                    for index in waiting {
                        world.later(SECOND, Happening::Look(index));
                    }
                }
            }
            self.exhaust();
        }
        if !self.is_broken() {
            self.world().check_end();
        }
    }

    /// Runs until there is nothing left to do.
    fn exhaust(&mut self) {
        for _ in 0..20_000 {
            if self.is_broken() || !self.step() {
                return;
            }
        }
        self.world().breaks("it never comes to rest".into());
    }
}

impl<M: Model> World<M> {
    fn waiting_for_operator(&self) -> Vec<usize> {
        let rows = self.table.rows();
        let waiting = rows.filter(|(_, row)| row.record.status.needs_operator());
        waiting.map(|(index, _)| index).collect()
    }

    /// An operator looks at the record.
    fn look(&mut self, index: usize) {
        let Some(row) = self.table.row(index) else {
            return;
        };
        let (status, version, since) = (row.record.status, row.record.version, row.record.status_since);
        trace!(
            self,
            "operator: looks at {} {index}: {status} (version {version})",
            M::Workflow::KIND
        );
        if self.strikes(Fault::CarelessOperator) {
            if let Some(choice) = M::decide_carelessly(self, index) {
                let verdict = Verdict {
                    index,
                    version,
                    choice,
                    reason: "careless",
                };
                self.later(5 * SECOND, Happening::Command(verdict));
            }
            return;
        }
        if !status.needs_operator() {
            return;
        }
        let operators = if self.strikes(Fault::TwoOperators) { 2 } else { 1 };
        let earliest = since_begin(since) + M::LOOK_AFTER;
        for _ in 0..operators {
            let at = self.soon(2 * MINUTE).max(earliest);
            self.agenda.add(at, Happening::Decide(index, version));
        }
    }

    /// Puts an operator's command on the agenda.
    fn verdict(&mut self, index: usize, version: u64, choice: M::Choice) {
        let reason = if self.strikes(Fault::NoReason) {
            " "
        } else {
            "looked into it"
        };
        let verdict = Verdict {
            index,
            version,
            choice,
            reason,
        };
        let hesitates = [SECOND, MINUTE, 10 * MINUTE][self.rng.usize(..3)];
        self.later(hesitates, Happening::Command(verdict));
    }
}

/// The function `reconcile`: one round.
async fn round<M: Model>(function: Function<M>) {
    let short = function.world().strikes(Fault::ShortRound);
    let until = if short {
        function.now()
    } else {
        function.now() + ROUND
    };
    let due_work = function.world().due_work();
    let report = M::reconcile(&function, until).await;
    function.trace(|| {
        format!(
            "{:?}, updated {}, republished {}, left {}, problems {:?}",
            report.counts,
            report.updated.len(),
            report.republished,
            report.not_begun,
            report.problems
        )
    });
    let mut world = function.world();
    let events = [
        (Event::RoundUpdated, !report.updated.is_empty()),
        (Event::RoundRepublished, report.republished > 0),
        (Event::RoundProblem, !report.problems.is_empty()),
        (Event::RoundLeft, report.not_begun > 0),
        (Event::RoundStore, report.counts.is_err()),
        (
            Event::RoundStuck,
            report.counts.as_ref().is_ok_and(|counts| counts.stuck > 0),
        ),
    ];
    for (event, met) in events {
        if met {
            world.seen.event(event);
        }
    }
    if !report.problems.is_empty() {
        world.doubt_work();
    }
    for record in report.updated.iter().filter(|record| !is_abandoned(&record.id)) {
        world.check_claim(record);
    }
    world.check_silence();
    world.check_passed_over(function.id(), &due_work);
    if let Ok(counts) = &report.counts {
        world.check_counts(function.id(), counts);
    }
}

/// An operator's command.
async fn command<M: Model>(function: Function<M>, verdict: Verdict<M>) {
    function.trace(|| {
        format!(
            "decides about {} (version {}): {:?}",
            verdict.index, verdict.version, verdict.choice
        )
    });
    let ann = ann();
    let request = function.world().request_id();
    let ann = Operator {
        seen: verdict.version,
        by: &ann,
        request: &request,
        reason: verdict.reason,
    };
    let id = id(verdict.index);
    let mut decided = M::command(&function, &id, ann, &verdict.choice).await;
    trace_decision(&function, &decided);
    if function.world().strikes(Fault::DecisionAnswerLost) {
        let again = M::command(&function, &id, ann, &verdict.choice).await;
        trace_decision(&function, &again);
        if let Ok(record) = &again {
            function.world().check_decision(function.id(), record);
        }
        if matches!(decided, Err(DecideError::Store(_))) {
            decided = again;
        }
    }
    let mut world = function.world();
    let event = match &decided {
        Ok(record) => {
            world.check_decision(function.id(), record);
            M::decided(&mut world, &verdict);
            Event::Decided
        }
        Err(DecideError::NotOpen(_)) => Event::DecideNotOpen,
        Err(DecideError::Refused(refusal)) => {
            M::refused(&mut world, refusal);
            Event::DecideRefused
        }
        Err(DecideError::NoReason) => Event::DecideNoReason,
        Err(DecideError::Changed) => Event::DecideChanged,
        Err(DecideError::Store(_)) => Event::DecideStore,
        Err(DecideError::NotFound) => {
            return world.breaks("an operator looked at a record, and it is not there".into());
        }
    };
    world.seen.event(event);
}

/// The outcome of an operator's command.
type Decided<W, R> = Result<Record<W>, DecideError<W, R>>;

fn trace_decision<M: Model>(function: &Function<M>, decided: &Decided<M::Workflow, M::Refusal>) {
    function.trace(|| match decided {
        Ok(now) => format!("{} is {} now", index(&now.id), now.status),
        Err(error) => error.to_string(),
    });
}

#[expect(clippy::expect_used, reason = "it is one")]
fn ann() -> Principal {
    let arn = "arn:aws:iam::123456789012:user/ann".to_owned();
    arn.try_into().expect("an ARN")
}

/// Mixes a seed (SplitMix64). Without that, generators of consecutive seeds begin alike.
fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
