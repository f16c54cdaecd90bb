//! `cargo run --release -p bench`: how fast and how small the functions are, against a bare `lambda_http` function.
//!
//! Top-down: [`life`] is what is measured, [`report`] what is made of it. Everything else is what Lambda has around a
//! function: [`runtime_api`], the [`neighbours`] that it calls, the [`quota`] of CPU that its memory size buys.
//! docs/BENCHMARK.md says how to read it.

mod binaries;
mod life;
mod neighbours;
mod options;
mod quota;
mod report;
mod runtime_api;
mod scratch;
mod statistics;

use std::process::ExitCode;

use binaries::Subject;
use life::{Life, Surroundings};
use neighbours::Neighbours;
use options::{Options, Output};
use quota::Quota;
use report::{Report, Run, Summary};
use runtime_api::RuntimeApi;
use scratch::Scratch;

/// Why the benchmark cannot go on: told to whoever runs it.
type Problem = Box<dyn std::error::Error>;

const HELP: &str = "\
cargo run --release -p bench [-- OPTIONS]    measure the functions against a bare lambda_http function (Linux only)

--rounds N              how many processes of each function are measured, in turn (15)
--warm N                requests to each process after its first (200)
--memory 128,256,512    measure also with the CPU that Lambda gives to these memory sizes; needs root, for control groups
--json                  print JSON in place of the tables
--json FILE             write JSON to a file too
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let done = Options::parse(&arguments)
        .map_err(|problem| format!("{problem}\n\n{HELP}").into())
        .and_then(|options| bench(&options));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\n{problem}");
            ExitCode::FAILURE
        }
    }
}

fn bench(options: &Options) -> Result<(), Problem> {
    // Before the minutes that the build may take.
    let quotas = quotas(&options.memory);
    let subjects = binaries::build()?;
    let scratch = Scratch::new()?;
    let neighbours = Neighbours::start(&scratch)?;
    let surroundings = Surroundings {
        neighbours: &neighbours,
        runtime_api: &RuntimeApi::start()?,
        scratch: &scratch,
    };

    let mut runs = vec![measure(&surroundings, &subjects, options, None)?];
    for (memory, quota) in &quotas {
        runs.push(measure(
            &surroundings,
            &subjects,
            options,
            Some((*memory, quota)),
        )?);
    }
    let report = Report {
        rounds: options.rounds,
        trusted_roots: neighbours.trusted_roots(),
        sizes: subjects.iter().map(Subject::sizes).collect::<Result<_, _>>()?,
        runs,
    };
    match &options.output {
        Output::Tables => print!("{}", report.text()),
        Output::Json => println!("{}", report.json()?),
        Output::TablesAndJson(file) => {
            print!("{}", report.text());
            std::fs::write(file, report.json()? + "\n")
                .map_err(|error| format!("could not write {}: {error}", file.display()))?;
        }
    }
    Ok(())
}

/// The quotas that this machine lets us set. What it does not is said, and left out.
fn quotas(memory: &[u32]) -> Vec<(u32, Quota)> {
    let mut quotas = Vec::new();
    for &memory in memory {
        match Quota::new(memory) {
            Ok(quota) => quotas.push((memory, quota)),
            Err(problem) => eprintln!("Not measured at {memory} MB: {problem}"),
        }
    }
    quotas
}

/// Measures all in turn, round by round, so that a slow moment of the machine does not fall upon one of them.
fn measure(
    surroundings: &Surroundings<'_>,
    subjects: &[Subject],
    options: &Options,
    limit: Option<(u32, &Quota)>,
) -> Result<Run, Problem> {
    let memory = limit.map(|(memory, _)| memory);
    let quota = limit.map(|(_, quota)| quota);
    let warm = if quota.is_some() {
        options.warm.div_ceil(4)
    } else {
        options.warm
    };
    let mut lives: Vec<Vec<Life>> = subjects.iter().map(|_| Vec::new()).collect();
    // Round 0 is not counted: it brings the binaries into the page cache.
    for round in 0..=options.rounds {
        eprintln!(
            "{:>12} {}, round {round} of {}",
            "Measuring",
            report::under(memory),
            options.rounds
        );
        for turn in 0..subjects.len() {
            let index = (turn + round) % subjects.len();
            let life = life::live(surroundings, &subjects[index], quota, warm)?;
            if round > 0 {
                lives[index].push(life);
            }
        }
    }
    Ok(Run {
        memory,
        warm,
        functions: lives.iter().map(|lives| Summary::of(lives)).collect(),
    })
}
