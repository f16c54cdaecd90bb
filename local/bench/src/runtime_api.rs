//! The Lambda Runtime API, as a stopwatch: the fewest instructions between a byte on the wire and the time taken.
//!
//! Plain blocking sockets, and not the HTTP server of the tests: what the server costs would be measured as the
//! function's.

use std::io::{BufRead, BufReader, Error, ErrorKind, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use crate::Problem;

/// How long a process may take for anything; the smallest CPU quota makes it slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// The API on a port of 127.0.0.1, for one process at a time.
pub(crate) struct RuntimeApi {
    /// `AWS_LAMBDA_RUNTIME_API`
    pub(crate) address: String,
    calls: Receiver<Call>,
}

/// A call of the process, which waits for its answer.
pub(crate) struct Call {
    /// When it was there: its last byte was read.
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

    /// Waits until the process answers an invocation.
    pub(crate) fn response(&self) -> std::result::Result<Call, Problem> {
        self.expect("/response")
    }

    fn expect(&self, path: &str) -> std::result::Result<Call, Problem> {
        let call = self
            .calls
            .recv_timeout(PATIENCE)
            .map_err(|_| format!("no call of {path} within {} s", PATIENCE.as_secs()))?;
        match call.line.ends_with(path) {
            true => Ok(call),
            false => {
                let body = String::from_utf8_lossy(&call.body);
                Err(format!("{} in place of {path}: {body}", call.line).into())
            }
        }
    }
}

impl Call {
    /// Answers the call for work with an event, and says when.
    pub(crate) fn invoke(mut self, event: &str) -> Result<Instant> {
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             lambda-runtime-aws-request-id: 00000000-0000-4000-8000-000000000000\r\n\
             lambda-runtime-deadline-ms: 9999999999999\r\n\
             lambda-runtime-invoked-function-arn: arn:aws:lambda:eu-central-1:123456789012:function:inapp\r\n\
             lambda-runtime-trace-id: Root=1-67402f3a-000000000000000000000000;Sampled=0\r\n\r\n{event}",
            event.len()
        );
        let at = Instant::now();
        self.stream.write_all(answer.as_bytes())?;
        Ok(at)
    }

    /// Accepts the answer to an invocation.
    pub(crate) fn accept(mut self) -> Result<()> {
        self.stream
            .write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")
    }
}

/// Reads calls until the process closes the connection, or ends.
fn serve(stream: TcpStream, sender: &Sender<Call>) {
    // Whatever goes wrong here, the benchmark sees a call that does not come.
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

/// Reads one HTTP request whose body, if any, has a known length: its method and path, and its body.
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

/// A line without its end; an error at the end of the stream.
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
    fn calls_on_one_connection_are_told_apart() {
        let bytes = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: x\r\n\r\n\
                     POST /2018-06-01/runtime/invocation/1/response HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
        let mut stream = bytes.as_bytes();
        let (next, nothing) = read(&mut stream).unwrap();
        assert_eq!(next, "GET /2018-06-01/runtime/invocation/next");
        assert_eq!(nothing, b"");
        let (response, body) = read(&mut stream).unwrap();
        assert_eq!(response, "POST /2018-06-01/runtime/invocation/1/response");
        assert_eq!(body, b"{}");
        assert!(read(&mut stream).is_err());
    }
}
