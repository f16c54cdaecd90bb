//! The real functions with random faults: processes of `payment-events` and `reconcile` that are killed at any
//! time, a cTrader that loses answers, refuses and is slow, a table that loses answers and is down, and a
//! provider that repeats its notifications in any order until it gets 204. In the end an operator looks into
//! cTrader's history and decides about the unknown deposits.
//!
//! `shared/deposits/tests/simulation` runs the same rules through far more schedules. This test shows that the
//! programs keep them. A schedule is a seed: `CHAOS_SEED=7 cargo test -p payment-events chaos` repeats one, and
//! `CHAOS_SCHEDULES=500` runs more.

use std::{collections::HashSet, time::Duration};

use deposits::{Decision, DepositId, Operator, Refusal, ResolveError, Status, resolve};
use harness::{Endpoint, Fault, SecondFunction};
use serde_json::{Value, json};
use store::System;
use tokio::time::{sleep, timeout};

use crate::{BINARY, LOGIN, World, options};

/// How many schedules are run unless the environment says otherwise.
const SCHEDULES: u64 = 10;

/// How many steps a schedule has before the faults end.
const STEPS: usize = 14;

/// A generator of random numbers from a seed (SplitMix64).
struct RandomNumbers(u64);

impl RandomNumbers {
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

/// A deposit, and the notifications that its provider has to deliver.
struct Case {
    id: DepositId,
    notifications: Vec<Value>,
    /// The indexes of those that were answered with 204.
    acknowledged: HashSet<usize>,
    /// Whether the provider has exactly the ordered money, and keeps it.
    plain: bool,
}

struct Chaos {
    world: World,
    reconcile: SecondFunction,
    random: RandomNumbers,
    cases: Vec<Case>,
    /// The steps so far, for the message of a failing test.
    trace: Vec<String>,
}

impl Chaos {
    async fn new(seed: u64) -> Self {
        let mut options = options();
        options.instances = 2;
        let world = World::with(options.clone()).await;
        let reconcile = world
            .env
            .start_second_function(&harness::binary_beside(BINARY, "reconcile"), &options)
            .await;
        world.env.wait_until_ready().await;
        let mut chaos = Self {
            world,
            reconcile,
            random: RandomNumbers(seed),
            cases: Vec::new(),
            trace: Vec::new(),
        };
        for _ in 0..3 {
            let case = chaos.case().await;
            chaos.cases.push(case);
        }
        chaos
    }

    async fn case(&mut self) -> Case {
        let id = self.world.create_deposit().await;
        let mut notifications = Vec::new();
        let mut plain = true;
        for kind in ["deposit.pending", "deposit.paid"] {
            notifications.push(self.world.notification(&id, kind).await);
        }
        match self.random.below(6) {
            0 => {
                notifications[1]["data"]["amount"] = json!("250.49");
                plain = false;
            }
            1 => {
                notifications.push(self.world.notification(&id, "deposit.refunded").await);
                plain = false;
            }
            2 => {
                let mut second = self.world.notification(&id, "deposit.paid").await;
                second["data"]["providerReference"] = json!("psp-another");
                notifications.push(second);
                plain = false;
            }
            _ => {}
        }
        Case {
            id,
            notifications,
            acknowledged: HashSet::new(),
            plain,
        }
    }

    /// One random step.
    async fn step(&mut self) {
        match self.random.below(13) {
            0..=4 => self.send().await,
            5 | 6 => self.round().await,
            7 => self.ctrader_fails().await,
            8 => {
                let times = 1 + self.random.below(4);
                self.trace.push(format!("the table loses {times} answers"));
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
        let case = usize::try_from(self.random.below(3)).unwrap();
        let count = self.cases[case].notifications.len();
        let which = self.random.below(u64::try_from(count).unwrap());
        (case, usize::try_from(which).unwrap())
    }

    async fn send(&mut self) {
        let (case, which) = self.pick();
        let notification = self.cases[case].notifications[which].clone();
        let answer = self.world.send(&notification).await;
        self.trace
            .push(format!("{case} {} -> {}", notification["type"], answer.status));
        self.answered(case, which, answer.status);
    }

    fn answered(&mut self, case: usize, which: usize, status: u16) {
        assert!(
            [204, 503].contains(&status),
            "answered {status}: {:#?}",
            self.trace
        );
        if status == 204 {
            self.cases[case].acknowledged.insert(which);
        }
    }

    async fn round(&mut self) {
        let done = self.reconcile.trigger(json!({})).await;
        self.trace
            .push(format!("a round -> {}", matches!(done, Some(Ok(_)))));
    }

    async fn ctrader_fails(&mut self) {
        let fault = match self.random.below(10) {
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
        let on = if self.random.one_in(3) {
            Endpoint::Trader
        } else {
            Endpoint::ChangeBalance
        };
        self.trace.push(format!("cTrader: {fault:?} on {on:?}"));
        let fault = fault.on(on).times(1);
        self.world.env.simulator().set_fault(Some(fault)).await.unwrap();
    }

    /// Kills both functions at a random time.
    async fn kill_in_the_middle(&mut self) {
        let slow = Fault::delay(Duration::from_millis(150)).on(Endpoint::ChangeBalance);
        self.world.env.simulator().set_fault(Some(slow)).await.unwrap();
        let (case, which) = self.pick();
        let notification = self.cases[case].notifications[which].clone();
        let patience = Duration::from_millis(self.random.below(220));
        let in_the_middle = async {
            tokio::join!(self.world.send(&notification), self.reconcile.trigger(json!({})));
        };
        let done = timeout(patience, in_the_middle).await.is_ok();
        self.trace
            .push(format!("killed after {patience:?}, done: {done}"));
        let mut options = options();
        options.instances = 2;
        self.world.env.restart(BINARY, &options);
        self.reconcile.restart();
        self.world.env.simulator().set_fault(None).await.unwrap();
        // cTrader goes on with what it has received.
        sleep(Duration::from_millis(200)).await;
    }

    async fn all_at_once(&mut self) {
        let ((a, which_a), (b, which_b)) = (self.pick(), self.pick());
        let first = self.cases[a].notifications[which_a].clone();
        let second = self.cases[b].notifications[which_b].clone();
        let (one, two, three, ..) = tokio::join!(
            self.world.send(&first),
            self.world.send(&second),
            self.world.send(&first),
            self.reconcile.trigger(json!({})),
            self.reconcile.trigger(json!({})),
        );
        self.trace.push("at once".into());
        self.answered(a, which_a, one.status);
        self.answered(b, which_b, two.status);
        self.answered(a, which_a, three.status);
    }

    async fn table_goes_away(&mut self) {
        self.trace.push("the table goes away".into());
        self.world.env.set_table_available(false);
        self.send().await;
        self.round().await;
        self.world.env.set_table_available(true);
    }

    /// Backdates a deposit by a minute. No function runs meanwhile, so no work on a stale deposit is under way.
    async fn time_passes(&mut self) {
        let case = usize::try_from(self.random.below(3)).unwrap();
        let id = self.cases[case].id.clone();
        let status = self.world.status(&id).await;
        // A payment is waited for longer than that.
        if !matches!(status, Status::Created | Status::Pending) {
            self.trace
                .push(format!("a minute passes for {case}, which is {status}"));
            self.world.deposits.backdate(&id, 61).await;
        }
    }

    /// The invariants at any time.
    async fn check(&self) {
        let history = self.world.env.balance_history(LOGIN);
        for (number, case) in self.cases.iter().enumerate() {
            let credits: Vec<_> = history
                .iter()
                .filter(|change| change.external_id.as_deref() == Some(case.id.as_str()))
                .collect();
            let deposit = self.world.deposits.find(&case.id).await.record;
            let context = || format!("deposit {number}, {}: {:#?}", deposit.status, self.trace);
            assert!(credits.len() <= 1, "credited twice: {}", context());
            for credit in &credits {
                assert_eq!(credit.amount, "250.50", "{}", context());
                let paid = deposit.payment.as_ref().map(|payment| &payment.money);
                assert_eq!(paid, Some(&deposit.order.money), "credited unpaid: {}", context());
            }
            if deposit.credit.is_some() {
                assert_eq!(credits.len(), 1, "said to be credited: {}", context());
            }
        }
        let ours: HashSet<_> = self.cases.iter().map(|case| case.id.as_str()).collect();
        let foreign = |change: &&harness::BalanceChange| {
            change.external_id.as_deref().is_none_or(|id| !ours.contains(id))
        };
        assert_eq!(history.iter().find(foreign), None, "{:#?}", self.trace);
    }

    /// Ends the faults. Every notification must be acknowledged, every deposit must come to rest, and every
    /// unknown one must be reported.
    async fn heal(&mut self) {
        self.world.env.simulator().set_fault(None).await.unwrap();
        self.world.env.lose_table_responses(0);
        for case in 0..self.cases.len() {
            for which in 0..self.cases[case].notifications.len() {
                let notification = self.cases[case].notifications[which].clone();
                let mut status = 503;
                for _ in 0..3 {
                    status = self.world.send(&notification).await.status;
                    if status == 204 {
                        break;
                    }
                    // The deposit is `crediting`, by a function that was killed.
                    let id = self.cases[case].id.clone();
                    self.world.deposits.backdate(&id, 61).await;
                    self.round().await;
                }
                self.trace.push(format!("at last {case} {which} -> {status}"));
                self.answered(case, which, status);
                assert_eq!(status, 204, "{:#?}", self.trace);
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
            let context = format!("deposit {number} rests as {status}: {:#?}", self.trace);
            if case.plain {
                assert!(matches!(status, Status::Credited | Status::Unknown), "{context}");
            } else {
                assert!(matches!(status, Status::Review | Status::Unknown), "{context}");
            }
            if status == Status::Unknown {
                unknown.push(number);
            }
        }
        // The last round counted the unknown deposits.
        let rounds = self.reconcile.log();
        let last = rounds
            .iter()
            .rev()
            .find(|line| line["event"] == "reconciled")
            .unwrap();
        assert_eq!(last["DepositsUnknown"], unknown.len(), "{:#?}", self.trace);
        for number in unknown {
            self.operator_decides(number).await;
        }
        self.check().await;
        for (number, case) in self.cases.iter().enumerate() {
            let entry = self.world.deposits.find(&case.id).await;
            let context = || format!("deposit {number}: {:#?}\n{:#?}", entry.history, self.trace);
            if case.plain {
                assert_eq!(entry.record.status, Status::Credited, "{}", context());
            }
            let versions: Vec<_> = entry.history.iter().map(|step| step.version).collect();
            let all: Vec<_> = (1..=entry.record.version).collect();
            assert_eq!(versions, all, "{}", context());
        }
        self.world.env.check_second_function(&self.reconcile);
    }

    /// An operator finds out the outcome of a credit, and records it. A retry that is not allowed is refused.
    async fn operator_decides(&mut self, number: usize) {
        let id = self.cases[number].id.clone();
        let table = &self.world.deposits.table;
        let seen = self.world.deposits.find(&id).await.record.version;
        let history = self.world.env.balance_history(LOGIN);
        let credit = history
            .iter()
            .find(|change| change.external_id.as_deref() == Some(id.as_str()));
        let decision = match credit {
            Some(credit) => Decision::Credited {
                balance_history_id: Some(credit.id),
                payment_found: false,
            },
            None => Decision::Retry { payment_found: false },
        };
        self.trace
            .push(format!("an operator decides about {number}: {decision:?}"));
        let operator = Operator {
            seen,
            by: &harness::operator(),
            request: &deposits::DepositId::random().unwrap(),
            reason: "looked it up",
        };
        match resolve(table, &System, &id, operator, decision).await {
            Ok(_) => self.round().await,
            Err(ResolveError::Refused(Refusal::NotPaidAsAsked)) if !self.cases[number].plain => {}
            Err(error) => panic!("{error}: {:#?}", self.trace),
        }
    }
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
