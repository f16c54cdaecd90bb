//! Measures one process, from its start to its last request.

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
use crate::cpu_quota::{CpuQuota, PERIOD};
use crate::fake_services::FakeServices;
use crate::runtime_api::{Call, RuntimeApi};
use crate::scratch::Scratch;

/// The tests' own `broker.toml`, because a broker may change the one in the root.
const BROKER_CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/demo.toml");

/// What surrounds the processes.
pub(crate) struct Environment<'a> {
    pub(crate) fake_services: &'a FakeServices,
    pub(crate) runtime_api: &'a RuntimeApi,
    pub(crate) scratch: &'a Scratch,
}

/// The measurements of one process.
pub(crate) struct ProcessRun {
    /// From the start to the first call for work.
    pub(crate) init: Duration,
    /// From the first event to the response.
    pub(crate) first: Duration,
    /// The same for each later event.
    pub(crate) warm: Vec<Duration>,
    /// The time of the redemption in each of those, in ms, from the function's log. Empty if the function redeems no
    /// token.
    pub(crate) redemption_ms: Vec<f64>,
    /// Resident memory after the last request, and its maximum, in KiB.
    pub(crate) resident: u64,
    pub(crate) peak: u64,
    /// The size of the last response's body as sent, in bytes.
    pub(crate) page: usize,
}

/// Starts a process, sends it one request and then `warm` more, and stops it.
pub(crate) fn measure_process(
    environment: &Environment<'_>,
    subject: &Subject,
    quota: Option<&CpuQuota>,
    warm: usize,
) -> Result<ProcessRun, Problem> {
    let log = environment.scratch.file("log");
    measure(environment, subject, quota, warm, &log).map_err(|problem| {
        let log = fs::read_to_string(&log).unwrap_or_default();
        format!("{}: {problem}\nIts output:\n{log}", subject.name).into()
    })
}

fn measure(
    environment: &Environment<'_>,
    subject: &Subject,
    quota: Option<&CpuQuota>,
    warm: usize,
    log: &Path,
) -> Result<ProcessRun, Problem> {
    let reads = environment.fake_services.secret_reads();
    let mut process = Process::prepare(environment, subject, quota, log)?;
    let started = process.start()?;
    let mut next = environment.runtime_api.next()?;
    let init = next.at - started;
    let reads = environment.fake_services.secret_reads() - reads;
    // One of the broker's actions has a backend, which needs a secret more.
    let expected = if subject.name == "action" { 3 } else { 2 };
    if subject.token.is_some() && reads != expected {
        return Err(format!("{reads} secrets read before the first call for work, not {expected}").into());
    }

    let (first, mut page);
    (first, page, next) = invoke(environment, subject, next)?;
    let mut times = Vec::with_capacity(warm);
    for _ in 0..warm {
        if quota.is_some() {
            // Without a pause, requests would wait for the CPU time of the previous ones.
            std::thread::sleep(PERIOD);
        }
        let time;
        (time, page, next) = invoke(environment, subject, next)?;
        times.push(time);
    }
    // Now the process waits for work, as between two requests.
    let status = fs::read_to_string(format!("/proc/{}/status", process.child.id()))?;
    drop(process);
    drop(next);

    let redemption_ms = match subject.token {
        Some(_) => redemptions(&fs::read_to_string(log)?, warm)?,
        None => Vec::new(),
    };
    Ok(ProcessRun {
        init,
        first,
        warm: times,
        redemption_ms,
        resident: kibibytes(&status, "VmRSS")?,
        peak: kibibytes(&status, "VmHWM")?,
        page,
    })
}

/// Sends one event to the process. Returns the time to the response, the size of its body, and the next call for
/// work.
fn invoke(
    environment: &Environment<'_>,
    subject: &Subject,
    next: Call,
) -> Result<(Duration, usize, Call), Problem> {
    let event = match subject.token {
        Some(sample) => subject.event.replace(sample, &environment.fake_services.token()),
        None => subject.event.to_owned(),
    };
    let sent = next.invoke(&event)?;
    let response = environment.runtime_api.response()?;
    let time = response.at - sent;
    let page = body_size(&response.body)?;
    response.accept()?;
    Ok((time, page, environment.runtime_api.next()?))
}

/// The size of a response's body as sent. Fails if the status is not 200.
fn body_size(response: &[u8]) -> Result<usize, Problem> {
    let response: Value = serde_json::from_slice(response)?;
    let body = response["body"].as_str().unwrap_or_default();
    if response["statusCode"] != 200 {
        return Err(format!("status {}: {body}", response["statusCode"]).into());
    }
    Ok(if response["isBase64Encoded"] == true {
        BASE64.decode(body)?.len()
    } else {
        body.len()
    })
}

/// The redemption times of the last `warm` requests in a log.
fn redemptions(log: &str, warm: usize) -> Result<Vec<f64>, Problem> {
    let mut times: Vec<f64> = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["event"] == "request")
        .filter_map(|line| line["upstream_ms"].as_f64())
        .collect();
    match times.len().checked_sub(warm) {
        Some(first) => Ok(times.split_off(first)),
        None => Err(format!("its log has only {} redemptions", times.len()).into()),
    }
}

/// The value of a line in `/proc/PID/status`.
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
    /// Without a quota the process starts at once. With one, a shell joins the quota's group, and waits until it may
    /// execute the binary.
    fn prepare(
        environment: &Environment<'_>,
        subject: &Subject,
        quota: Option<&CpuQuota>,
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
                ("AWS_LAMBDA_RUNTIME_API", &environment.runtime_api.address),
                ("AWS_REGION", "eu-central-1"),
                ("AWS_SECRET_ACCESS_KEY", "bench"),
                ("AWS_SESSION_TOKEN", "bench"),
                ("BROKER_CONFIG", BROKER_CONFIG),
            ])
            .envs(environment.fake_services.variables().iter().cloned())
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

    /// Waits until the shell is in the quota's group, and until the quota is unused again.
    fn wait_for_shell(&mut self, quota: &CpuQuota) -> Result<(), Problem> {
        let id = self.child.id().to_string();
        while !fs::read_to_string(quota.members())?
            .lines()
            .any(|member| member == id)
        {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("cannot get the CPU quota ({status})").into());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(2 * PERIOD);
        Ok(())
    }

    /// Starts the function unless it has started. Returns the time of the start.
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
        // Fails if the process has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_redemption_does_not_count_as_warm() {
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
    fn the_body_counts_as_sent() {
        let response = r#"{"statusCode":200,"body":"aGVsbG8=","isBase64Encoded":true}"#;
        assert_eq!(body_size(response.as_bytes()).unwrap(), 5);
        assert!(body_size(br#"{"statusCode":404,"body":"no"}"#).is_err());
    }
}
