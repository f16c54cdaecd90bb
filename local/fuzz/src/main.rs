//! `cargo run -p fuzz`: searches for bytes on which a reader of strangers' bytes fails. libFuzzer makes the bytes, and
//! keeps those that reach new code.

use std::{
    env,
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitCode, ExitStatus},
    time::Instant,
};

use fuzz::{TARGETS, Target, seeds};

const HELP: &str = "\
cargo run -p fuzz                  run all targets, ten million executions in all
cargo run -p fuzz -- NAME...       only these targets, each with its share of the executions
    --runs=N                       another number of executions of all targets together
";

/// Executions of all targets together.
const EXECUTIONS: u64 = 10_000_000;

/// Makes the compiler count how often each place of the code is reached, and report what is compared. These are the
/// options of `cargo fuzz --sanitizer none`, which a stable compiler has. No sanitizer: our code has no `unsafe`.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                        -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// How libFuzzer is built. With `--target`, build scripts and macros are built without [`COVERAGE`].
const BUILD: [&str; 16] = [
    "run",
    "--quiet",
    "--locked",
    "--package",
    "fuzz",
    "--bin",
    "libfuzzer",
    "--features",
    "libfuzzer",
    "--profile",
    "fuzz",
    "--target",
    "host-tuple",
    "--target-dir",
    "target/fuzz",
    "--",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (executions, targets) = match chosen(&arguments) {
        Ok(chosen) => chosen,
        Err(problem) => {
            eprintln!("{problem}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let started = Instant::now();
    for target in &targets {
        match search(target, executions * target.percent / 100) {
            Ok(status) if status.success() => {}
            Ok(status) => {
                eprintln!(
                    "\n{}: {status}. If libFuzzer printed an input, it is in {}. Add it to {} when the fault is mended.",
                    target.name,
                    found(target).display(),
                    seeds(target).display()
                );
                return ExitCode::FAILURE;
            }
            Err(error) => {
                eprintln!("\n{}: {error}", target.name);
                return ExitCode::FAILURE;
            }
        }
    }
    let seconds = started.elapsed().as_secs();
    println!("\n{} targets in {seconds} s: nothing found", targets.len());
    ExitCode::SUCCESS
}

/// The number of executions of all targets together, and the targets.
fn chosen(arguments: &[String]) -> Result<(u64, Vec<&'static Target>), Box<dyn Error>> {
    let mut executions = EXECUTIONS;
    let mut targets = Vec::new();
    for argument in arguments {
        if let Some(number) = argument.strip_prefix("--runs=") {
            executions = number
                .parse()
                .map_err(|_| format!("{argument} is not a number"))?;
        } else {
            let target = TARGETS.iter().find(|target| target.name == argument);
            let names = || {
                TARGETS
                    .iter()
                    .map(|target| target.name)
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            targets.push(target.ok_or_else(|| format!("{argument} is none of the targets {}", names()))?);
        }
    }
    if targets.is_empty() {
        targets = TARGETS.iter().collect();
    }
    Ok((executions, targets))
}

/// Runs libFuzzer on one target.
fn search(target: &Target, runs: u64) -> io::Result<ExitStatus> {
    let corpus = root().join(".local/fuzz/corpus").join(target.name);
    let found = found(target);
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&found)?;
    println!("\n=== {} ({runs} executions)", target.name);
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(BUILD)
        .arg(format!("-runs={runs}"))
        .args([
            "-max_len=4096",
            "-timeout=10",
            "-rss_limit_mb=1024",
            "-print_final_stats=1",
        ])
        // The log lines of the functions go to standard output.
        .args(["-close_fd_mask=1", "-verbosity=0"])
        .arg(format!(
            "-dict={}",
            seeds(target).with_file_name("words.dict").display()
        ))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .args([corpus, seeds(target)])
        .env("RUSTFLAGS", COVERAGE)
        .env("FUZZ_TARGET", target.name)
        .current_dir(root())
        .status()
}

/// Where inputs on which a target fails are written.
fn found(target: &Target) -> PathBuf {
    root().join(".local/fuzz/found").join(target.name)
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_their_executions_can_be_chosen() {
        let chosen = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
            chosen(&arguments).map(|(runs, targets)| (runs, targets.len()))
        };
        assert_eq!(chosen(&[]).unwrap(), (EXECUTIONS, TARGETS.len()));
        assert_eq!(chosen(&["sessions", "--runs=7"]).unwrap(), (7, 1));
        assert!(chosen(&["--runs=many"]).is_err() && chosen(&["nothing"]).is_err());
    }
}
