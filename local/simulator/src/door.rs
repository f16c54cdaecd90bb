//! A listener that can really be closed and opened again, with connections that can be cut.
//!
//! "Down" must look to a client as a dead host does (connection refused), and "the answer was lost" as a cut
//! line does (end of stream where an answer was due). Neither can be said from within an HTTP handler, so the
//! simulator owns its listener and hands each request the line it came in on.

use std::io::{Error, ErrorKind, Result};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Mutex as AsyncMutex;
use tokio::task::JoinHandle;

use crate::locked;

/// A router behind a port of 127.0.0.1.
pub(crate) struct Door {
    address: SocketAddr,
    app: Router,
    state: AsyncMutex<State>,
    lines: Lines,
}

enum State {
    Open(JoinHandle<()>),
    /// Bound but not listening: the kernel refuses connections, and nobody else can take the port.
    Closed(TcpSocket),
    /// Between the two, or after [`Door::shut`].
    Neither,
}

/// The connections that are open, to cut them all at once.
type Lines = Arc<Mutex<Vec<Weak<Cut>>>>;

impl Door {
    /// Opens `port` (0: any free one).
    pub(crate) async fn open(port: u16, app: Router) -> Result<Self> {
        let named = |error: Error| Error::new(error.kind(), format!("port {port} of 127.0.0.1: {error}"));
        let listener = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .and_then(listen)
            .map_err(named)?;
        let address = listener.local_addr()?;
        let door = Self {
            address,
            app,
            state: AsyncMutex::new(State::Neither),
            lines: Lines::default(),
        };
        *door.state.lock().await = door.serve(listener);
        Ok(door)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Refuses connections from now on, and cuts those that are open. Nothing happens if it is closed.
    pub(crate) async fn close(&self) -> Result<()> {
        let mut state = self.state.lock().await;
        if let State::Open(task) = &mut *state {
            task.abort();
            // The listener is gone once the task has been dropped, which this waits for.
            let _ = task.await;
            *state = State::Neither;
            self.cut_all();
            *state = State::Closed(bind_again(self.address).await?);
        }
        Ok(())
    }

    /// Listens again. Nothing happens if it does.
    pub(crate) async fn reopen(&self) -> Result<()> {
        let mut state = self.state.lock().await;
        *state = match std::mem::replace(&mut *state, State::Neither) {
            State::Closed(socket) => self.serve(listen(socket)?),
            other => other,
        };
        Ok(())
    }

    /// Closes for good.
    pub(crate) fn shut(&self) {
        if let Ok(mut state) = self.state.try_lock()
            && let State::Open(task) = std::mem::replace(&mut *state, State::Neither)
        {
            task.abort();
        }
        self.cut_all();
    }

    fn serve(&self, listener: TcpListener) -> State {
        let listener = CuttableListener {
            listener,
            lines: Arc::clone(&self.lines),
        };
        let app = self.app.clone().into_make_service_with_connect_info::<Line>();
        State::Open(tokio::spawn(async move {
            // Runs until it is aborted: accepting retries by itself.
            let _ = axum::serve(listener, app).await;
        }))
    }

    fn cut_all(&self) {
        for line in locked(&self.lines).drain(..) {
            if let Some(cut) = line.upgrade() {
                cut.now();
            }
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.shut();
    }
}

fn bind(address: SocketAddr) -> Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Connections of the listener before may linger on the port. (On Windows the option means another thing.)
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Binds to the address of a listener that has just been closed. A process that is being started at this moment, by another
/// test say, still has a copy of the listener until its program is loaded.
async fn bind_again(address: SocketAddr) -> Result<TcpSocket> {
    let deadline = Instant::now() + Duration::from_secs(2);
    loop {
        match bind(address) {
            Err(error) if error.kind() == ErrorKind::AddrInUse && Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            outcome => return outcome,
        }
    }
}

fn listen(socket: TcpSocket) -> Result<TcpListener> {
    socket.listen(1024)
}

/// The connection that a request came in on; handlers take it by `ConnectInfo<Line>`.
#[derive(Clone, Debug)]
pub(crate) struct Line(Arc<Cut>);

impl Line {
    /// Closes the connection without an answer. Never returns: the request is dropped with its connection.
    pub(crate) async fn cut(&self) -> std::convert::Infallible {
        self.0.now();
        std::future::pending().await
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Line {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        stream.remote_addr().clone()
    }
}

/// Tells a connection to fail.
#[derive(Debug, Default)]
struct Cut {
    done: AtomicBool,
    reader: AtomicWaker,
}

impl Cut {
    fn now(&self) {
        self.done.store(true, Ordering::SeqCst);
        self.reader.wake();
    }

    fn check(&self) -> Result<()> {
        if self.done.load(Ordering::SeqCst) {
            return Err(Error::from(ErrorKind::ConnectionAborted));
        }
        Ok(())
    }
}

struct CuttableListener {
    listener: TcpListener,
    lines: Lines,
}

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = Line;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, _) = Listener::accept(&mut self.listener).await;
        let cut = Arc::new(Cut::default());
        let mut lines = locked(&self.lines);
        lines.retain(|line| line.strong_count() > 0);
        lines.push(Arc::downgrade(&cut));
        let line = Line(Arc::clone(&cut));
        (CuttableStream { stream, cut }, line)
    }

    fn local_addr(&self) -> Result<Self::Addr> {
        Ok(Line(Arc::default()))
    }
}

struct CuttableStream {
    stream: TcpStream,
    cut: Arc<Cut>,
}

impl AsyncRead for CuttableStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        self.cut.reader.register(cx.waker());
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
