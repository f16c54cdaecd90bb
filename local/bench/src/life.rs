//! The life of one process, from its start to its last request, with everything that is measured on it.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

use crate::Problem;
use crate::binaries::Subject;
use crate::neighbours::Neighbours;
use crate::quota::{PERIOD, Quota};
use crate::runtime_api::{Call, RuntimeApi};
use crate::scratch::Scratch;

/// The broker of the tests: the one at the root of the repository may be any broker.
const BROKER_CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/demo.toml");

/// What all processes have around them.
pub(crate) struct Surroundings<'a> {
    pub(crate) neighbours: &'a Neighbours,
    pub(crate) runtime_api: &'a RuntimeApi,
    pub(crate) scratch: &'a Scratch,
}

/// What was measured on one process.
pub(crate) struct Life {
    /// From its start to its first call for work.
    pub(crate) init: Duration,
    /// From its first event to the answer.
    pub(crate) first: Duration,
    /// The same of each later event.
    pub(crate) warm: Vec<Duration>,
    /// In each of those: how long the redemption took, in ms, as the function's own log says. Empty where none is made.
    pub(crate) redemption_ms: Vec<f64>,
    /// Resident memory after the last request, and at its highest, in KiB.
    pub(crate) resident: u64,
    pub(crate) peak: u64,
    /// The last answer's body as it goes over the wire, in bytes.
    pub(crate) page: usize,
}

/// Starts a process, sends it `warm` requests after the first, and ends it.
pub(crate) fn live(
    surroundings: &Surroundings<'_>,
    subject: &Subject,
    quota: Option<&Quota>,
    warm: usize,
) -> Result<Life, Problem> {
    let log = surroundings.scratch.file("log");
    measure(surroundings, subject, quota, warm, &log).map_err(|problem| {
        let log = fs::read_to_string(&log).unwrap_or_default();
        format!("{}: {problem}\nIt wrote:\n{log}", subject.name).into()
    })
}

fn measure(
    surroundings: &Surroundings<'_>,
    subject: &Subject,
    quota: Option<&Quota>,
    warm: usize,
    log: &Path,
) -> Result<Life, Problem> {
    let reads = surroundings.neighbours.secret_reads();
    let mut process = Process::prepare(surroundings, subject, quota, log)?;
    let started = process.start()?;
    let mut next = surroundings.runtime_api.next()?;
    let init = next.at - started;
    let reads = surroundings.neighbours.secret_reads() - reads;
    // Of the broker's actions one is handed to the broker's backend, which takes a secret more.
    let expected = if subject.name == "action" { 3 } else { 2 };
    if subject.token.is_some() && reads != expected {
        return Err(format!("{reads} secrets read before the first call for work, not {expected}").into());
    }

    let (first, mut page);
    (first, page, next) = invoke(surroundings, subject, next)?;
    let mut times = Vec::with_capacity(warm);
    for _ in 0..warm {
        if quota.is_some() {
            // Back to back, the requests would wait for each other's CPU time.
            std::thread::sleep(PERIOD);
        }
        let time;
        (time, page, next) = invoke(surroundings, subject, next)?;
        times.push(time);
    }
    // Here the process waits for work, as it does between two requests.
    let status = fs::read_to_string(format!("/proc/{}/status", process.child.id()))?;
    drop(process);
    drop(next);

    let redemption_ms = match subject.token {
        Some(_) => redemptions(&fs::read_to_string(log)?, warm)?,
        None => Vec::new(),
    };
    Ok(Life {
        init,
        first,
        warm: times,
        redemption_ms,
        resident: kibibytes(&status, "VmRSS")?,
        peak: kibibytes(&status, "VmHWM")?,
        page,
    })
}

/// Sends one event in answer to a call for work. Gives the time to its answer, the size of the body in that, and the
/// next call for work.
fn invoke(
    surroundings: &Surroundings<'_>,
    subject: &Subject,
    next: Call,
) -> Result<(Duration, usize, Call), Problem> {
    let event = match subject.token {
        Some(sample) => subject.event.replace(sample, &surroundings.neighbours.token()),
        None => subject.event.to_owned(),
    };
    let sent = next.invoke(&event)?;
    let response = surroundings.runtime_api.response()?;
    let time = response.at - sent;
    let page = body_size(&response.body)?;
    response.accept()?;
    Ok((time, page, surroundings.runtime_api.next()?))
}

/// The size of the body in a function's answer, which must be a good one.
fn body_size(answer: &[u8]) -> Result<usize, Problem> {
    let answer: Value = serde_json::from_slice(answer)?;
    let body = answer["body"].as_str().unwrap_or_default();
    if answer["statusCode"] != 200 {
        return Err(format!("status {}: {body}", answer["statusCode"]).into());
    }
    Ok(match answer["isBase64Encoded"] == true {
        true => BASE64.decode(body)?.len(),
        false => body.len(),
    })
}

/// How long the redemption took in the last `warm` requests that a log tells of.
fn redemptions(log: &str, warm: usize) -> Result<Vec<f64>, Problem> {
    let mut times: Vec<f64> = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["event"] == "request")
        .filter_map(|line| line["upstream_ms"].as_f64())
        .collect();
    match times.len().checked_sub(warm) {
        Some(first) => Ok(times.split_off(first)),
        None => Err(format!("its log tells of {} redemptions", times.len()).into()),
    }
}

/// A line of `/proc/PID/status`.
fn kibibytes(status: &str, name: &str) -> Result<u64, Problem> {
    let value = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
        .and_then(|value| value.trim().trim_end_matches(" kB").parse().ok());
    value.ok_or_else(|| format!("no {name} in its status").into())
}

/// A function's process; killed when dropped.
struct Process {
    child: Child,
    started: Option<Instant>,
}

impl Process {
    /// Without a quota it starts at once. With one, a shell goes under the quota and waits there to become it.
    fn prepare(
        surroundings: &Surroundings<'_>,
        subject: &Subject,
        quota: Option<&Quota>,
        log: &Path,
    ) -> Result<Self, Problem> {
        let mut command = match quota {
            None => Command::new(&subject.binary),
            Some(quota) => {
                let mut shell = Command::new("/bin/sh");
                shell
                    .args(["-c", r#"echo $$ >"$0" && read -r _ && exec "$1""#])
                    .arg(quota.members())
                    .arg(&subject.binary);
                shell
            }
        };
        let log = File::create(log)?;
        command
            .env_clear()
            .envs([
                ("AWS_ACCESS_KEY_ID", "bench"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
                ("AWS_LAMBDA_FUNCTION_NAME", subject.name),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/inapp"),
                ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
                ("AWS_LAMBDA_RUNTIME_API", &surroundings.runtime_api.address),
                ("AWS_REGION", "eu-central-1"),
                ("AWS_SECRET_ACCESS_KEY", "bench"),
                ("AWS_SESSION_TOKEN", "bench"),
                ("BROKER_CONFIG", BROKER_CONFIG),
            ])
            .envs(surroundings.neighbours.environment().iter().cloned())
            .stdin(if quota.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(log.try_clone()?)
            .stderr(log);
        let started = Instant::now();
        let child = command.spawn()?;
        let mut process = Self {
            child,
            started: Some(started),
        };
        if let Some(quota) = quota {
            process.started = None;
            process.wait_for_shell(quota)?;
        }
        Ok(process)
    }

    /// Waits until the shell is under the quota, and has that to itself again.
    fn wait_for_shell(&mut self, quota: &Quota) -> Result<(), Problem> {
        let id = self.child.id().to_string();
        while !fs::read_to_string(quota.members())?
            .lines()
            .any(|member| member == id)
        {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("cannot be put under the CPU quota ({status})").into());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(2 * PERIOD);
        Ok(())
    }

    /// Starts the function, unless it has started, and says when.
    fn start(&mut self) -> Result<Instant, Problem> {
        if let Some(started) = self.started {
            return Ok(started);
        }
        let mut shell = self.child.stdin.take().ok_or("the shell takes no input")?;
        let started = Instant::now();
        shell.write_all(b"\n")?;
        Ok(started)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_redemption_is_not_a_warm_one() {
        let log = r#"{"event":"request","upstream_ms":9.0}
not JSON
{"event":"other","upstream_ms":7.0}
{"event":"request","upstream_ms":1.0}
{"event":"request","upstream_ms":2.0}"#;
        assert_eq!(redemptions(log, 2).unwrap(), [1.0, 2.0]);
        assert!(redemptions(log, 4).is_err());
    }

    #[test]
    fn memory_is_read_from_the_status() {
        let status = "Name:\tdeposit\nVmHWM:\t   11320 kB\nVmRSS:\t   10964 kB\n";
        assert_eq!(kibibytes(status, "VmRSS").unwrap(), 10_964);
        assert_eq!(kibibytes(status, "VmHWM").unwrap(), 11_320);
        assert!(kibibytes(status, "VmSwap").is_err());
    }

    #[test]
    fn the_body_counts_as_it_goes_over_the_wire() {
        let answer = r#"{"statusCode":200,"body":"aGVsbG8=","isBase64Encoded":true}"#;
        assert_eq!(body_size(answer.as_bytes()).unwrap(), 5);
        assert!(body_size(br#"{"statusCode":404,"body":"no"}"#).is_err());
    }
}
