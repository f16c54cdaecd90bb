//! The Lambda Runtime API as a stopwatch.
//!
//! It uses blocking sockets rather than the tests' HTTP server, because the time of the server would count as the
//! function's.

use std::io::{BufRead, BufReader, Error, ErrorKind, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use crate::Problem;

/// The timeout of every step. The smallest CPU quota makes processes slow.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The API on a port of 127.0.0.1, for one process at a time.
pub(crate) struct RuntimeApi {
    /// `AWS_LAMBDA_RUNTIME_API`
    pub(crate) address: String,
    calls: Receiver<Call>,
}

/// A call of the process, which waits for the response.
pub(crate) struct Call {
    /// When its last byte was read.
    pub(crate) at: Instant,
    /// Method and path.
    pub(crate) line: String,
    pub(crate) body: Vec<u8>,
    stream: TcpStream,
}

impl RuntimeApi {
    pub(crate) fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let (sender, calls) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                std::thread::spawn(move || serve(stream, &sender));
            }
        });
        Ok(Self { address, calls })
    }

    /// Waits until the process asks for work.
    pub(crate) fn next(&self) -> std::result::Result<Call, Problem> {
        self.expect("/invocation/next")
    }

    /// Waits until the process responds to an invocation.
    pub(crate) fn response(&self) -> std::result::Result<Call, Problem> {
        self.expect("/response")
    }

    fn expect(&self, path: &str) -> std::result::Result<Call, Problem> {
        let call = self
            .calls
            .recv_timeout(TIMEOUT)
            .map_err(|_| format!("no call to {path} within {} s", TIMEOUT.as_secs()))?;
        if call.line.ends_with(path) {
            return Ok(call);
        }
        let body = String::from_utf8_lossy(&call.body);
        Err(format!("{} instead of {path}: {body}", call.line).into())
    }
}

impl Call {
    /// Responds to the call for work with an event. Returns the time.
    pub(crate) fn invoke(mut self, event: &str) -> Result<Instant> {
        let response = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             lambda-runtime-aws-request-id: 00000000-0000-4000-8000-000000000000\r\n\
             lambda-runtime-deadline-ms: 9999999999999\r\n\
             lambda-runtime-invoked-function-arn: arn:aws:lambda:eu-central-1:123456789012:function:inapp\r\n\
             lambda-runtime-trace-id: Root=1-67402f3a-000000000000000000000000;Sampled=0\r\n\r\n{event}",
            event.len()
        );
        let at = Instant::now();
        self.stream.write_all(response.as_bytes())?;
        Ok(at)
    }

    /// Accepts the response to an invocation.
    pub(crate) fn accept(mut self) -> Result<()> {
        self.stream
            .write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")
    }
}

/// Reads calls until the process closes the connection, or ends.
fn serve(stream: TcpStream, sender: &Sender<Call>) {
    // After an error here, the benchmark reports a missing call.
    let _ = stream.set_nodelay(true);
    let Ok(reading) = stream.try_clone() else {
        return;
    };
    let mut reading = BufReader::new(reading);
    while let Ok((line, body)) = read(&mut reading) {
        let at = Instant::now();
        let Ok(stream) = stream.try_clone() else {
            return;
        };
        let _ = sender.send(Call {
            at,
            line,
            body,
            stream,
        });
    }
}

/// Reads one HTTP request with a body of known length. Returns its method and path, and its body.
fn read(stream: &mut impl BufRead) -> Result<(String, Vec<u8>)> {
    let first = head_line(stream)?;
    let mut length = 0;
    loop {
        let line = head_line(stream)?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(Error::new(ErrorKind::Unsupported, "a body of unknown length"));
        }
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(Error::other)?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let line = first.trim_end_matches(" HTTP/1.1").to_owned();
    Ok((line, body))
}

/// Reads a line, without its end. Fails at the end of the stream.
fn head_line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    match stream.read_line(&mut line)? {
        0 => Err(ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_calls_on_one_connection_are_read() {
        let bytes = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: x\r\n\r\n\
                     POST /2018-06-01/runtime/invocation/1/response HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
        let mut stream = bytes.as_bytes();
        let (next, empty) = read(&mut stream).unwrap();
        assert_eq!(next, "GET /2018-06-01/runtime/invocation/next");
        assert_eq!(empty, b"");
        let (response, body) = read(&mut stream).unwrap();
        assert_eq!(response, "POST /2018-06-01/runtime/invocation/1/response");
        assert_eq!(body, b"{}");
        assert!(read(&mut stream).is_err());
    }
}
