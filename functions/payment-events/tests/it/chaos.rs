//! The real functions among neighbours that fail at random: `payment-events` and `reconcile` as processes that are killed
//! in the middle of things, a cTrader that loses answers, refuses and is slow, a table that loses answers and goes away, a
//! provider that repeats itself in any order until it is answered 204.
//!
//! `shared/deposits/tests/simulation` runs the same rules through far more schedules; this is the proof that the programs
//! keep to them. An operator looks into cTrader's history in the end, and decides what is unknown. A schedule is a seed: `CHAOS_SEED=7 cargo test -p payment-events chaos` repeats one,
//! `CHAOS_SCHEDULES=500` runs more.

use std::{collections::HashSet, path::Path, process::Command, time::Duration};

use deposits::{Decision, DepositId, Operator, Refusal, ResolveError, Status, resolve};
use harness::{Endpoint, Fault, SecondFunction};
use serde_json::{Value, json};
use store::System;
use tokio::time::{sleep, timeout};

use crate::{BINARY, LOGIN, World, options};

/// How many schedules are run unless the environment says otherwise.
const SCHEDULES: u64 = 10;

/// How many things happen in a schedule before all is well again.
const STEPS: usize = 14;

/// A generator of numbers that are the same for the same seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

/// A deposit, and what its provider has in mind.
struct Case {
    id: DepositId,
    notifications: Vec<Value>,
    /// Those that were answered 204.
    taken: HashSet<usize>,
    /// Whether the provider has exactly what was asked for, and keeps it.
    plain: bool,
}

struct Chaos {
    world: World,
    reconcile: SecondFunction,
    chance: Chance,
    cases: Vec<Case>,
    /// What has happened, for whoever has to understand it.
    story: Vec<String>,
}

impl Chaos {
    async fn new(seed: u64) -> Self {
        let mut options = options();
        options.instances = 2;
        let world = World::with(options.clone()).await;
        let reconcile = world.env.start_second_function(&reconcile(), &options).await;
        world.env.wait_until_ready().await;
        let mut chaos = Self {
            world,
            reconcile,
            chance: Chance(seed),
            cases: Vec::new(),
            story: Vec::new(),
        };
        for _ in 0..3 {
            let case = chaos.case().await;
            chaos.cases.push(case);
        }
        chaos
    }

    async fn case(&mut self) -> Case {
        let id = self.world.ask().await;
        let mut notifications = Vec::new();
        let mut plain = true;
        for kind in ["deposit.pending", "deposit.paid"] {
            notifications.push(self.world.says(&id, kind).await);
        }
        match self.chance.below(6) {
            0 => {
                notifications[1]["data"]["amount"] = json!("250.49");
                plain = false;
            }
            1 => {
                notifications.push(self.world.says(&id, "deposit.refunded").await);
                plain = false;
            }
            2 => {
                let mut second = self.world.says(&id, "deposit.paid").await;
                second["data"]["providerReference"] = json!("psp-another");
                notifications.push(second);
                plain = false;
            }
            _ => {}
        }
        Case {
            id,
            notifications,
            taken: HashSet::new(),
            plain,
        }
    }

    /// Something happens.
    async fn step(&mut self) {
        match self.chance.below(13) {
            0..=4 => self.tell().await,
            5 | 6 => self.round().await,
            7 => self.ctrader_fails().await,
            8 => {
                let times = 1 + self.chance.below(4);
                self.story.push(format!("the table loses {times} answers"));
                self.world
                    .env
                    .lose_table_responses(usize::try_from(times).unwrap());
            }
            9 => self.kill_in_the_middle().await,
            10 => self.all_at_once().await,
            11 => self.table_goes_away().await,
            _ => self.time_passes().await,
        }
    }

    fn pick(&mut self) -> (usize, usize) {
        let case = usize::try_from(self.chance.below(3)).unwrap();
        let count = self.cases[case].notifications.len();
        let which = self.chance.below(u64::try_from(count).unwrap());
        (case, usize::try_from(which).unwrap())
    }

    async fn tell(&mut self) {
        let (case, which) = self.pick();
        let notification = self.cases[case].notifications[which].clone();
        let answer = self.world.tell(&notification).await;
        self.story
            .push(format!("{case} {} -> {}", notification["type"], answer.status));
        self.answered(case, which, answer.status);
    }

    fn answered(&mut self, case: usize, which: usize, status: u16) {
        assert!(
            [204, 503].contains(&status),
            "answered {status}: {:#?}",
            self.story
        );
        if status == 204 {
            self.cases[case].taken.insert(which);
        }
    }

    async fn round(&mut self) {
        let done = self.reconcile.trigger(json!({})).await;
        self.story
            .push(format!("a round -> {}", matches!(done, Some(Ok(_)))));
    }

    async fn ctrader_fails(&mut self) {
        let fault = match self.chance.below(10) {
            0 => Fault::lose_answer(),
            1 => Fault::lose_answer_before(),
            2 => Fault::status_after(500),
            3 => Fault::status(503),
            4 => Fault::status(429),
            5 => Fault::status(401),
            6 => Fault::garbage(),
            7 => Fault::truncated(),
            8 => Fault::down(),
            _ => Fault::delay(Duration::from_millis(300)),
        };
        let on = if self.chance.one_in(3) {
            Endpoint::Trader
        } else {
            Endpoint::ChangeBalance
        };
        self.story.push(format!("cTrader: {fault:?} on {on:?}"));
        let fault = fault.on(on).times(1);
        self.world.env.simulator().set_fault(Some(fault)).await.unwrap();
    }

    /// Both functions are killed, perhaps in the middle of something.
    async fn kill_in_the_middle(&mut self) {
        let slow = Fault::delay(Duration::from_millis(150)).on(Endpoint::ChangeBalance);
        self.world.env.simulator().set_fault(Some(slow)).await.unwrap();
        let (case, which) = self.pick();
        let notification = self.cases[case].notifications[which].clone();
        let patience = Duration::from_millis(self.chance.below(220));
        let in_the_middle = async {
            tokio::join!(self.world.tell(&notification), self.reconcile.trigger(json!({})));
        };
        let done = timeout(patience, in_the_middle).await.is_ok();
        self.story
            .push(format!("killed after {patience:?}, done: {done}"));
        let mut options = options();
        options.instances = 2;
        self.world.env.restart(BINARY, &options);
        self.reconcile.restart();
        self.world.env.simulator().set_fault(None).await.unwrap();
        // What cTrader has received it goes on with, slowly.
        sleep(Duration::from_millis(200)).await;
    }

    async fn all_at_once(&mut self) {
        let ((a, which_a), (b, which_b)) = (self.pick(), self.pick());
        let first = self.cases[a].notifications[which_a].clone();
        let second = self.cases[b].notifications[which_b].clone();
        let (one, two, three, ..) = tokio::join!(
            self.world.tell(&first),
            self.world.tell(&second),
            self.world.tell(&first),
            self.reconcile.trigger(json!({})),
            self.reconcile.trigger(json!({})),
        );
        self.story.push("at once".into());
        self.answered(a, which_a, one.status);
        self.answered(b, which_b, two.status);
        self.answered(a, which_a, three.status);
    }

    async fn table_goes_away(&mut self) {
        self.story.push("the table goes away".into());
        self.world.env.set_table_available(false);
        self.tell().await;
        self.round().await;
        self.world.env.set_table_available(true);
    }

    /// Nobody is at work while that happens, so what is stale is nobody's.
    async fn time_passes(&mut self) {
        let case = usize::try_from(self.chance.below(3)).unwrap();
        let id = self.cases[case].id.clone();
        let status = self.world.status(&id).await;
        // Deposits are waited for longer than that.
        if !matches!(status, Status::Created | Status::Pending) {
            self.story
                .push(format!("a minute passes for {case}, which is {status}"));
            self.world.deposits.backdate(&id, 61).await;
        }
    }

    /// What must hold at any time.
    async fn check(&self) {
        let history = self.world.env.balance_history(LOGIN);
        for (number, case) in self.cases.iter().enumerate() {
            let credits: Vec<_> = history
                .iter()
                .filter(|change| change.external_id.as_deref() == Some(case.id.as_str()))
                .collect();
            let deposit = self.world.deposits.find(&case.id).await.record;
            let told = || format!("deposit {number}, {}: {:#?}", deposit.status, self.story);
            assert!(credits.len() <= 1, "credited twice: {}", told());
            for credit in &credits {
                assert_eq!(credit.amount, "250.50", "{}", told());
                let paid = deposit.payment.as_ref().map(|payment| &payment.money);
                assert_eq!(paid, Some(&deposit.order.money), "credited unpaid: {}", told());
            }
            if deposit.credit.is_some() {
                assert_eq!(credits.len(), 1, "said to be credited: {}", told());
            }
        }
        let ours: HashSet<_> = self.cases.iter().map(|case| case.id.as_str()).collect();
        let foreign = |change: &&harness::BalanceChange| {
            change.external_id.as_deref().is_none_or(|id| !ours.contains(id))
        };
        assert_eq!(history.iter().find(foreign), None, "{:#?}", self.story);
    }

    /// All is well again: what is taken in, and at rest, is told to somebody.
    async fn heal(&mut self) {
        self.world.env.simulator().set_fault(None).await.unwrap();
        self.world.env.lose_table_responses(0);
        for case in 0..self.cases.len() {
            for which in 0..self.cases[case].notifications.len() {
                let notification = self.cases[case].notifications[which].clone();
                let mut status = 503;
                for _ in 0..3 {
                    status = self.world.tell(&notification).await.status;
                    if status == 204 {
                        break;
                    }
                    // It is `crediting`, by somebody who is dead.
                    let id = self.cases[case].id.clone();
                    self.world.deposits.backdate(&id, 61).await;
                    self.round().await;
                }
                self.story.push(format!("at last {case} {which} -> {status}"));
                self.answered(case, which, status);
                assert_eq!(status, 204, "{:#?}", self.story);
            }
        }
        for _ in 0..2 {
            for case in &self.cases {
                self.world.deposits.backdate(&case.id, 61).await;
            }
            self.round().await;
        }
        self.check().await;
        let mut unknown = Vec::new();
        for (number, case) in self.cases.iter().enumerate() {
            let status = self.world.status(&case.id).await;
            let told = format!("deposit {number} rests as {status}: {:#?}", self.story);
            if case.plain {
                assert!(matches!(status, Status::Credited | Status::Unknown), "{told}");
            } else {
                assert!(matches!(status, Status::Review | Status::Unknown), "{told}");
            }
            if status == Status::Unknown {
                unknown.push(number);
            }
        }
        // Nothing is unknown in silence.
        let rounds = self.reconcile.log();
        let last = rounds
            .iter()
            .rev()
            .find(|line| line["event"] == "reconciled")
            .unwrap();
        assert_eq!(last["DepositsUnknown"], unknown.len(), "{:#?}", self.story);
        for number in unknown {
            self.operator_decides(number).await;
        }
        self.check().await;
        for (number, case) in self.cases.iter().enumerate() {
            let entry = self.world.deposits.find(&case.id).await;
            let told = || format!("deposit {number}: {:#?}\n{:#?}", entry.history, self.story);
            if case.plain {
                assert_eq!(entry.record.status, Status::Credited, "{}", told());
            }
            let versions: Vec<_> = entry.history.iter().map(|step| step.version).collect();
            let all: Vec<_> = (1..=entry.record.version).collect();
            assert_eq!(versions, all, "{}", told());
        }
        self.world.env.check_second_function(&self.reconcile);
    }

    /// An operator finds out what became of a credit, and says so. What may not be tried again, the core refuses.
    async fn operator_decides(&mut self, number: usize) {
        let id = self.cases[number].id.clone();
        let ledger = &self.world.deposits.table;
        let seen = self.world.deposits.find(&id).await.record.version;
        let history = self.world.env.balance_history(LOGIN);
        let credit = history
            .iter()
            .find(|change| change.external_id.as_deref() == Some(id.as_str()));
        let decision = match credit {
            Some(credit) => Decision::Credited {
                balance_history_id: Some(credit.id),
            },
            None => Decision::Retry,
        };
        self.story
            .push(format!("of {number} an operator says {decision:?}"));
        let operator = Operator {
            seen,
            name: "eve",
            reason: "looked it up",
        };
        match resolve(ledger, &System, &id, operator, decision).await {
            Ok(_) => self.round().await,
            Err(ResolveError::Refused(Refusal::NotPaidAsAsked)) if !self.cases[number].plain => {}
            Err(error) => panic!("{error}: {:#?}", self.story),
        }
    }
}

/// The other function's binary. The tests of the workspace build it; where only those of this package are run, it is the one
/// that was last built, or is built now.
fn reconcile() -> String {
    let folder = Path::new(BINARY).parent().unwrap();
    let binary = folder.join("reconcile");
    if !binary.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--locked", "--package", "reconcile"]);
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success());
    }
    binary.to_str().unwrap().to_owned()
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_fails_nothing_is_credited_twice_or_unpaid_or_forgotten() {
    let seeds = match number("CHAOS_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("CHAOS_SCHEDULES").unwrap_or(SCHEDULES)).collect(),
    };
    for seed in seeds {
        println!("CHAOS_SEED={seed}");
        let mut chaos = Chaos::new(seed).await;
        for _ in 0..STEPS {
            chaos.step().await;
            chaos.check().await;
        }
        chaos.heal().await;
    }
}
