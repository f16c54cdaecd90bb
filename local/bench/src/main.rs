//! `cargo run --release -p bench`: measures the speed and size of the functions, relative to a bare `lambda_http`
//! function.
//!
//! [`process_run`] measures one process, [`report`] presents the results. The rest is what surrounds a function in
//! Lambda: the [`runtime_api`], the [`fake_services`] that it calls, and the [`cpu_quota`] of its memory size.
//! docs/BENCHMARK.md explains the results.

mod binaries;
mod cpu_quota;
mod fake_services;
mod options;
mod process_run;
mod report;
mod runtime_api;
mod scratch;
mod statistics;

use std::process::ExitCode;

use binaries::Subject;
use cpu_quota::CpuQuota;
use fake_services::FakeServices;
use options::{Options, Output};
use process_run::{Environment, ProcessRun, measure_process};
use report::{Report, Run, Summary};
use runtime_api::RuntimeApi;
use scratch::Scratch;

/// Why the benchmark failed.
type Problem = Box<dyn std::error::Error>;

const HELP: &str = "\
cargo run --release -p bench [-- OPTIONS]    measure the functions relative to a bare lambda_http function (Linux only)

--rounds N              the number of processes to measure of each function (15)
--warm N                the number of requests to each process after the first (200)
--memory 128,256,512    measure also with the CPU that Lambda gives to these memory sizes; needs root, for control groups
--json                  print JSON instead of the tables
--json FILE             print the tables, and write JSON to a file
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
    let result = Options::parse(&arguments)
        .map_err(|problem| format!("{problem}\n\n{HELP}").into())
        .and_then(|options| bench(&options));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\n{problem}");
            ExitCode::FAILURE
        }
    }
}

fn bench(options: &Options) -> Result<(), Problem> {
    // First, because the build may take minutes.
    let quotas = quotas(&options.memory);
    let subjects = binaries::build()?;
    let scratch = Scratch::new()?;
    let fake_services = FakeServices::start(&scratch)?;
    let environment = Environment {
        fake_services: &fake_services,
        runtime_api: &RuntimeApi::start()?,
        scratch: &scratch,
    };

    let mut runs = vec![measure_all(&environment, &subjects, options, None)?];
    for (memory, quota) in &quotas {
        runs.push(measure_all(
            &environment,
            &subjects,
            options,
            Some((*memory, quota)),
        )?);
    }
    let report = Report {
        rounds: options.rounds,
        trusted_roots: fake_services.trusted_roots(),
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

/// The CPU quotas for these memory sizes. Prints those that this machine does not support, and leaves them out.
fn quotas(memory: &[u32]) -> Vec<(u32, CpuQuota)> {
    let mut quotas = Vec::new();
    for &memory in memory {
        match CpuQuota::new(memory) {
            Ok(quota) => quotas.push((memory, quota)),
            Err(problem) => eprintln!("Not measured at {memory} MB: {problem}"),
        }
    }
    quotas
}

/// Measures all functions in each round, so that a slow moment of the machine does not affect only one of them.
fn measure_all(
    environment: &Environment<'_>,
    subjects: &[Subject],
    options: &Options,
    limit: Option<(u32, &CpuQuota)>,
) -> Result<Run, Problem> {
    let memory = limit.map(|(memory, _)| memory);
    let quota = limit.map(|(_, quota)| quota);
    let warm = if quota.is_some() {
        options.warm.div_ceil(4)
    } else {
        options.warm
    };
    let mut runs: Vec<Vec<ProcessRun>> = subjects.iter().map(|_| Vec::new()).collect();
    // Round 0 does not count: it brings the binaries into the page cache.
    for round in 0..=options.rounds {
        eprintln!(
            "{:>12} {}, round {round} of {}",
            "Measuring",
            report::run_name(memory),
            options.rounds
        );
        for turn in 0..subjects.len() {
            let index = (turn + round) % subjects.len();
            let run = measure_process(environment, &subjects[index], quota, warm)?;
            if round > 0 {
                runs[index].push(run);
            }
        }
    }
    Ok(Run {
        memory,
        warm,
        functions: runs.iter().map(|runs| Summary::new(runs)).collect(),
    })
}
