//! Every guard of the core is taken out once, and the simulation must find that.
//!
//! A copy of the crate gets a switch at each guard and is built once; then it runs with one guard switched off at a time.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// How many schedules it may take to find that a guard is missing: fewer than are asked what they have met.
const WITHIN: u64 = 80_000;

/// How many schedules must find nothing where nothing is to be found.
const NOTHING_IN: u64 = 10_000;

/// A guard, and how to switch it off.
struct Guard {
    name: &'static str,
    file: &'static str,
    /// Is in the file exactly once.
    find: &'static str,
    /// The same with a switch: `GONE` is true if the guard is taken out.
    replace: &'static str,
    /// A second line of defence: to be seen, these have to be taken out as well, and on their own break something else or
    /// nothing.
    besides: &'static [&'static str],
}

/// A guard that nothing else stands behind.
const fn guard(name: &'static str, file: &'static str, find: &'static str, replace: &'static str) -> Guard {
    Guard {
        name,
        file,
        find,
        replace,
        besides: &[],
    }
}

/// A guard behind others.
const fn second(
    name: &'static str,
    besides: &'static [&'static str],
    file: &'static str,
    find: &'static str,
    replace: &'static str,
) -> Guard {
    Guard {
        name,
        file,
        find,
        replace,
        besides,
    }
}

/// Not a guard of the core: without it the operators do nothing.
const OPERATORS: &str = "operators";

/// Not a guard of the core: whether a write has the right form. Always taken out here, so that what is found is what a missing
/// guard does to money or keeps from people, and not that it is missing.
const FORM: &str = "form";

const GUARDS: &[Guard] = &[
    guard(
        "a write is conditional on the version before it",
        "tests/simulation/table.rs",
        "if version + 1 != next.version {",
        "if version + 1 != next.version && !GONE {",
    ),
    guard(
        "what was announced is marked only while the table holds it",
        "tests/simulation/table.rs",
        "if row.deposit.version != version {",
        "if row.deposit.version != version && !GONE {",
    ),
    guard(
        "functions are killed long before a credit is stale",
        "tests/simulation/schedule.rs",
        "let ends = world.now + TIMEOUT;",
        "let ends = world.now + if GONE { HOUR } else { TIMEOUT };",
    ),
    guard(
        "a write that lost to another is not ours",
        "src/commit.rs",
        "if held.write == next.write",
        "if (held.write == next.write || GONE)",
    ),
    guard(
        "a write that lost to its own first try is ours",
        "src/commit.rs",
        "=> return Ok(Committed::Ours(*held)),",
        "&& !GONE => return Ok(Committed::Ours(*held)),",
    ),
    guard(
        "a write without an answer is not taken as written",
        "src/commit.rs",
        "Err(WriteError::Store(error)) if tries == TRIES => return Err(error),",
        "Err(WriteError::Store(_)) if tries == TRIES && GONE => return Ok(Committed::Ours(next)),
         Err(WriteError::Store(error)) if tries == TRIES => return Err(error),",
    ),
    guard(
        "crediting is written before the credit is sent",
        "src/credit.rs",
        "let crediting = match commit(store, environment, crediting, BY).await? {",
        "let first = if GONE {
             Committed::Ours(deposit.clone())
         } else {
             commit(store, environment, crediting, BY).await?
         };
         let crediting = match first {",
    ),
    guard(
        "who lost the write of crediting sends nothing",
        "src/credit.rs",
        "Committed::Theirs(held) => return Ok(held),",
        "Committed::Theirs(held) if !GONE => return Ok(held),
         Committed::Theirs(held) => held,",
    ),
    guard(
        "nothing is sent long after crediting was written",
        "src/credit.rs",
        "environment.now() > begun + CALL_WITHIN",
        "environment.now() > begun + CALL_WITHIN && !GONE",
    ),
    guard(
        "only what is paid is credited",
        "src/credit.rs",
        "self.status == Status::Paid",
        "(self.status == Status::Paid || GONE)",
    ),
    second(
        "what has been credited is not credited",
        &["an operator cannot retry what has been credited"],
        "src/credit.rs",
        "self.credit.is_none()",
        "(self.credit.is_none() || GONE)",
    ),
    second(
        "only what is paid as asked is credited",
        &["what is paid otherwise goes to review"],
        "src/credit.rs",
        "&& self.is_paid_as_asked()",
        "&& (self.is_paid_as_asked() || GONE)",
    ),
    guard(
        "the account is of the order's broker",
        "src/credit.rs",
        "account.broker.as_ref() != Some(&order.broker)",
        "account.broker.as_ref() != Some(&order.broker) && !GONE",
    ),
    guard(
        "the account is in the order's currency",
        "src/credit.rs",
        "account.currency != order.currency",
        "account.currency != order.currency && !GONE",
    ),
    guard(
        "the account has the order's digits",
        "src/credit.rs",
        "order.amount.normalize().scale() > account.digits",
        "order.amount.normalize().scale() > account.digits && !GONE",
    ),
    guard(
        "an unknown credit is never repeated",
        "src/credit.rs",
        "Answer::Unknown(problem) => self.unknown(problem, now),",
        "Answer::Unknown(problem) if GONE => self.put_off(problem, now),
         Answer::Unknown(problem) => self.unknown(problem, now),",
    ),
    guard(
        "what is put off for too long goes to review",
        "src/credit.rs",
        "if put_off > MOST_PUT_OFF {",
        "if put_off > MOST_PUT_OFF && !GONE {",
    ),
    guard(
        "a sender moves deposits of its own method",
        "src/notify.rs",
        "order.method != sender.method",
        "(order.method != sender.method && !GONE)",
    ),
    guard(
        "a sender moves deposits of its own broker",
        "src/notify.rs",
        "order.broker != sender.broker",
        "(order.broker != sender.broker && !GONE)",
    ),
    guard(
        "each fact counts once",
        "src/notify.rs",
        "if self.facts.contains(&key) {",
        "if self.facts.contains(&key) && !GONE {",
    ),
    guard(
        "a second payment goes to review",
        "src/notify.rs",
        "return self.to_be_reviewed(\"paid more than once\", now);",
        "if !GONE { return self.to_be_reviewed(\"paid more than once\", now); }",
    ),
    guard(
        "what is paid again after it was taken back goes to review",
        "src/notify.rs",
        "if again.reversed {",
        "if again.reversed && !GONE {",
    ),
    guard(
        "what is paid again is remembered, whatever else is told later",
        "src/notify.rs",
        "if notification.at <= self.paid_again_at.unwrap_or(known.at) {",
        "if notification.at <= self.paid_again_at.unwrap_or(known.at) || GONE {",
    ),
    guard(
        "what becomes of another payment takes nothing back",
        "src/notify.rs",
        "if payments.any(|payment| payment.reference != notification.reference) {",
        "if payments.any(|payment| payment.reference != notification.reference) && !GONE {",
    ),
    guard(
        "the same payment in other words is the same",
        "src/notify.rs",
        "if !same {",
        "if !same || GONE {",
    ),
    second(
        "a payment told after it was taken back goes to review",
        &["what was taken back is not paid as asked", OPERATORS],
        "src/notify.rs",
        "let problem = if self.reversed {",
        "let problem = if self.reversed && !GONE {",
    ),
    guard(
        "what is paid otherwise goes to review",
        "src/notify.rs",
        "} else if !paid.is_paid_as_asked() {",
        "} else if !paid.is_paid_as_asked() && !GONE {",
    ),
    guard(
        "a payment from before it failed does not count",
        "src/notify.rs",
        "let failed_since = self.failed_since(notification.at);",
        "let failed_since = self.failed_since(notification.at) && !GONE;",
    ),
    guard(
        "a failure from before the payment does not count",
        "src/notify.rs",
        "(Some(payment), _) if notification.at < payment.at => Told::Nothing,",
        "(Some(payment), _) if notification.at < payment.at && !GONE => Told::Nothing,",
    ),
    guard(
        "what is past being paid does not become pending",
        "src/notify.rs",
        "_ => return Told::Nothing,",
        "_ if !GONE => return Told::Nothing,
         _ => {}",
    ),
    guard(
        "what has failed is pending if that is told later",
        "src/notify.rs",
        "Status::Failed | Status::Expired if",
        "Status::Failed | Status::Expired if !GONE &&",
    ),
    guard(
        "what was pending before it failed does not count",
        "src/notify.rs",
        "!self.failed_since(notification.at) &&",
        "(!self.failed_since(notification.at) || GONE) &&",
    ),
    guard(
        "what an operator has closed does not become pending",
        "src/notify.rs",
        "&& !self.resolved =>",
        "&& (!self.resolved || GONE) =>",
    ),
    guard(
        "a failure from before it is pending does not count",
        "src/notify.rs",
        "if !pending_since =>",
        "if !pending_since || GONE =>",
    ),
    guard(
        "what is unknown stays so, whatever the provider tells",
        "src/notify.rs",
        "Status::Unknown | Status::Review => {",
        "Status::Unknown | Status::Review if !GONE => {",
    ),
    guard(
        "an operator whose decision came too late is told so",
        "src/resolve.rs",
        "Committed::Theirs(_) => Err(ResolveError::Changed),",
        "Committed::Theirs(held) if GONE => Ok(held),
         Committed::Theirs(_) => Err(ResolveError::Changed),",
    ),
    guard(
        "the last failure is remembered",
        "src/notify.rs",
        "if known {",
        "if known || GONE {",
    ),
    guard(
        "what was taken back is remembered",
        "src/notify.rs",
        "reversed: true,",
        "reversed: !GONE,",
    ),
    guard(
        "news wait while the credit is being sent",
        "src/notify.rs",
        "Told::Next(_) if self.status == Status::Crediting => Told::Busy,",
        "Told::Next(_) if self.status == Status::Crediting && !GONE => Told::Busy,",
    ),
    guard(
        "the amount is the one that was asked for",
        "src/deposit.rs",
        "payment.amount == self.order.amount",
        "(payment.amount == self.order.amount || GONE)",
    ),
    guard(
        "the currency is the one that was asked for",
        "src/deposit.rs",
        "payment.currency == self.order.currency",
        "(payment.currency == self.order.currency || GONE)",
    ),
    guard(
        "what was taken back is not paid as asked",
        "src/deposit.rs",
        "&& !self.reversed",
        "&& (!self.reversed || GONE)",
    ),
    guard(
        "what the table says is not due is left alone, whatever the index says",
        "src/reconcile.rs",
        "if deposit.due.is_none_or(|due| due > now) {",
        "if deposit.due.is_none_or(|due| due > now) && !GONE {",
    ),
    second(
        "crediting is left alone until it is stale, by its attempt",
        &["crediting is left alone until it is stale, by its due time"],
        "src/reconcile.rs",
        "Some(attempt) if now < attempt.at + STALE_AFTER =>",
        "Some(attempt) if now < attempt.at + STALE_AFTER && !GONE =>",
    ),
    second(
        "crediting is left alone until it is stale, by its due time",
        &["crediting is left alone until it is stale, by its attempt"],
        "src/commit.rs",
        "Status::Crediting => now + crate::STALE_AFTER,",
        "Status::Crediting if GONE => now,
         Status::Crediting => now + crate::STALE_AFTER,",
    ),
    guard(
        "a stale credit is never repeated",
        "src/reconcile.rs",
        "_ => deposit.unknown(",
        "_ if GONE => deposit.next(Status::Paid, now).scheduled(now),
         _ => deposit.unknown(",
    ),
    guard(
        "what was not announced is announced again",
        "src/reconcile.rs",
        "Status::Credited | Status::Failed | Status::Expired | Status::Review | Status::Unknown => {",
        "Status::Credited | Status::Failed | Status::Expired | Status::Review | Status::Unknown => {
             if GONE {
                 return Ok(Done::Nothing(Box::new(deposit)));
             }",
    ),
    guard(
        "what waits to be credited is counted from when it was paid",
        "src/deposit.rs",
        "status.waits_for_credit() && self.status.waits_for_credit();",
        "status.waits_for_credit() && self.status.waits_for_credit() && !GONE;",
    ),
    guard(
        "an operator gives a reason",
        "src/resolve.rs",
        "if reason.trim().is_empty() {",
        "if reason.trim().is_empty() && !GONE {",
    ),
    guard(
        "an operator decides only what is for an operator to decide",
        "src/resolve.rs",
        "if !deposit.status.needs_operator() {",
        "if !deposit.status.needs_operator() && !GONE {",
    ),
    guard(
        "an operator decides about what was looked at",
        "src/resolve.rs",
        "if deposit.version != seen {",
        "if deposit.version != seen && !GONE {",
    ),
    guard(
        "an operator cannot retry what has been credited",
        "src/resolve.rs",
        "if let Some(credit) = deposit.credit {",
        "if let Some(credit) = deposit.credit.clone() && !GONE {",
    ),
    guard(
        "an operator cannot retry what is not paid as asked",
        "src/resolve.rs",
        "if !deposit.is_paid_as_asked() {",
        "if !deposit.is_paid_as_asked() && !GONE {",
    ),
];

/// The switches of the simulation itself.
const OF_SIMULATION: &[Guard] = &[
    guard(
        OPERATORS,
        "tests/simulation/schedule.rs",
        "Happening::Look { deposit } => world.look(deposit),",
        "Happening::Look { .. } if GONE => {}
         Happening::Look { deposit } => world.look(deposit),",
    ),
    guard(
        FORM,
        "tests/simulation/invariants.rs",
        "self.check_form(index, next, step, by);",
        "if !GONE { self.check_form(index, next, step, by); }",
    ),
];

#[test]
fn guards_that_are_taken_out_are_found() {
    let simulation = Simulation::with_switches();
    let nothing = simulation.finds(&[], NOTHING_IN);
    assert_eq!(nothing, None, "with all guards in place nothing is found");
    let mut missed = Vec::new();
    for guard in GUARDS {
        let mut gone = guard.besides.to_vec();
        let others = if gone.is_empty() {
            None
        } else {
            simulation.finds(&gone, NOTHING_IN)
        };
        gone.push(guard.name);
        match simulation.finds(&gone, WITHIN) {
            Some(found) if others.as_ref().is_none_or(|others| others.broken != found.broken) => {
                println!(
                    "{:>7} schedules: {}: {}",
                    found.seed + 1,
                    guard.name,
                    found.broken
                );
            }
            found => {
                println!("  MISSED: {}: {found:?}, others: {others:?}", guard.name);
                missed.push(guard.name);
            }
        }
    }
    assert!(
        missed.is_empty(),
        "{WITHIN} schedules do not find that these are taken out: {missed:?}"
    );
}

/// The simulation of a copy of the crate whose guards can be switched off.
struct Simulation {
    program: PathBuf,
}

/// What it finds.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    seed: u64,
    /// The invariant that does not hold, without numbers.
    broken: String,
}

impl Simulation {
    fn with_switches() -> Self {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guards");
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let manifest = read(&workspace.join("Cargo.toml"));
        let (members, rest) = manifest
            .split_once("default-members")
            .expect("the workspace's members");
        let (_, rest) = rest.split_once('\n').unwrap();
        assert!(members.contains("members = ["));
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [\"shared/deposits\"]\n{rest}");
        write(&scratch.join("Cargo.toml"), &manifest);
        write(&scratch.join("Cargo.lock"), &read(&workspace.join("Cargo.lock")));
        copy_switched(
            Path::new(env!("CARGO_MANIFEST_DIR")),
            &scratch.join("shared/deposits"),
        );
        Self {
            program: build(&scratch),
        }
    }

    /// What the simulation finds without these guards.
    fn finds(&self, gone: &[&str], schedules: u64) -> Option<Found> {
        let run = Command::new(&self.program)
            .args(["schedules_keep", "--nocapture"])
            .env("WITHOUT", [gone, &[FORM]].concat().join(";"))
            .env("SCHEDULES", schedules.to_string())
            .env("RUST_BACKTRACE", "0")
            .env_remove("FIRST")
            .env_remove("SEED")
            .output()
            .expect("the simulation runs");
        if run.status.success() {
            return None;
        }
        let output = [run.stdout, run.stderr].concat();
        let output = String::from_utf8_lossy(&output);
        let found = output.lines().find_map(|line| {
            let (seed, broken) = line.strip_prefix("seed ")?.split_once(": ")?;
            let broken = broken.replace(|letter: char| letter.is_ascii_digit(), "");
            Some(Found {
                seed: seed.parse().ok()?,
                broken,
            })
        });
        Some(found.unwrap_or_else(|| panic!("the simulation without {gone:?} fails otherwise:\n{output}")))
    }
}

/// Copies the crate, with a switch at every guard.
fn copy_switched(from: &Path, to: &Path) {
    let mut switches: Vec<_> = GUARDS.iter().chain(OF_SIMULATION).collect();
    for folder in ["", "src", "tests/simulation"] {
        for entry in fs::read_dir(from.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if !path.is_file() {
                continue;
            }
            let name = path.strip_prefix(from).unwrap();
            let mut text = read(&path);
            // This table has all the texts in it.
            if name.ends_with("guards.rs") {
                text = "//! Not here.\n".into();
            }
            switches.retain(|guard| {
                let here = Path::new(guard.file) == name;
                if here {
                    text = switched(guard, &text);
                }
                !here
            });
            if name == Path::new("src/lib.rs") {
                text.push_str(WITHOUT);
            }
            write(&to.join(name), &text);
        }
    }
    let missing: Vec<_> = switches.iter().map(|guard| guard.file).collect();
    assert!(missing.is_empty(), "no such files: {missing:?}");
}

/// What the copy asks at each switch.
const WITHOUT: &str = r#"
/// Whether the guard is taken out.
pub fn without(guard: &str) -> bool {
    static WITHOUT: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| std::env::var("WITHOUT").unwrap_or_default());
    !WITHOUT.is_empty() && WITHOUT.split(';').any(|gone| gone == guard)
}
"#;

fn switched(guard: &Guard, text: &str) -> String {
    let places = text.matches(guard.find).count();
    assert_eq!(
        places, 1,
        "the guard {:?} is to be found once in {}, as {:?}: say in tests/simulation/guards.rs where it is now",
        guard.name, guard.file, guard.find
    );
    let of = if guard.file.starts_with("src") {
        "crate"
    } else {
        "deposits"
    };
    let gone = format!("{of}::without({:?})", guard.name);
    text.replace(guard.find, &guard.replace.replace("GONE", &gone))
}

/// Builds the copy, and says where its simulation is.
fn build(scratch: &Path) -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = Command::new(cargo)
        .args([
            "test",
            "--offline",
            "--no-run",
            "--test",
            "simulation",
            "--message-format",
            "json",
        ])
        .arg("--target-dir")
        .arg(scratch.join("target"))
        .current_dir(scratch)
        .output()
        .expect("cargo runs");
    let output = String::from_utf8_lossy(&build.stdout);
    assert!(
        build.status.success(),
        "the copy does not build:\n{output}\n{}",
        String::from_utf8_lossy(&build.stderr)
    );
    let mut programs = output.lines().filter_map(|line| {
        let (_, path) = line.split_once("\"executable\":\"")?;
        path.split_once('"').map(|(path, _)| PathBuf::from(path))
    });
    programs.next_back().expect("cargo names the program")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes what has changed, so that cargo builds only that.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|held| held == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
