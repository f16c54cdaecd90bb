//! An HTTP server whose listener can be closed and opened again, and whose connections can be broken.
//!
//! To a client, the fault "down" must look like a dead host (connection refused), and a lost response like a broken
//! connection (end of stream where a response was due). An HTTP handler can do neither. So the simulator owns its
//! listener, and passes the connection to each handler.

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

use crate::lock;

/// Serves a router on a port of 127.0.0.1.
pub(crate) struct ControllableServer {
    address: SocketAddr,
    router: Router,
    state: AsyncMutex<ServerState>,
    connections: Connections,
}

enum ServerState {
    Listening(JoinHandle<()>),
    /// Bound but not listening: the kernel refuses connections, and no other process can take the port.
    Refusing(TcpSocket),
    /// During a transition, or after [`ControllableServer::stop`].
    Stopped,
}

/// All open connections.
type Connections = Arc<Mutex<Vec<Weak<Breaker>>>>;

impl ControllableServer {
    /// Starts listening on `port`; 0 takes a free one.
    pub(crate) async fn start(port: u16, router: Router) -> Result<Self> {
        let with_port = |error: Error| Error::new(error.kind(), format!("port {port} of 127.0.0.1: {error}"));
        let listener = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .and_then(listen)
            .map_err(with_port)?;
        let address = listener.local_addr()?;
        let server = Self {
            address,
            router,
            state: AsyncMutex::new(ServerState::Stopped),
            connections: Connections::default(),
        };
        *server.state.lock().await = server.serve(listener);
        Ok(server)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Refuses new connections from now on, and breaks the open ones.
    pub(crate) async fn refuse_connections(&self) -> Result<()> {
        let mut state = self.state.lock().await;
        if let ServerState::Listening(task) = &mut *state {
            task.abort();
            // The listener is closed once the aborted task is dropped. Awaiting the task waits for that.
            let _ = task.await;
            *state = ServerState::Stopped;
            self.break_connections();
            *state = ServerState::Refusing(bind_again(self.address).await?);
        }
        Ok(())
    }

    /// Accepts connections again.
    pub(crate) async fn accept_connections(&self) -> Result<()> {
        let mut state = self.state.lock().await;
        *state = match std::mem::replace(&mut *state, ServerState::Stopped) {
            ServerState::Refusing(socket) => self.serve(listen(socket)?),
            other => other,
        };
        Ok(())
    }

    /// Stops for good.
    pub(crate) fn stop(&self) {
        if let Ok(mut state) = self.state.try_lock()
            && let ServerState::Listening(task) = std::mem::replace(&mut *state, ServerState::Stopped)
        {
            task.abort();
        }
        self.break_connections();
    }

    fn serve(&self, listener: TcpListener) -> ServerState {
        let listener = BreakableListener {
            listener,
            connections: Arc::clone(&self.connections),
        };
        let service = self
            .router
            .clone()
            .into_make_service_with_connect_info::<ServerConnection>();
        ServerState::Listening(tokio::spawn(async move {
            // Runs until the task is aborted: axum retries after an error of `accept`.
            let _ = axum::serve(listener, service).await;
        }))
    }

    fn break_connections(&self) {
        for connection in lock(&self.connections).drain(..) {
            if let Some(breaker) = connection.upgrade() {
                breaker.trigger();
            }
        }
    }
}

impl Drop for ControllableServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn bind(address: SocketAddr) -> Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Connections of the previous listener may linger on the port. (On Windows the option has another meaning.)
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Binds to the address of a listener that was just closed. Retries for a while: a child process that another test
/// starts at this moment holds a copy of the listener until it executes its program.
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

/// The connection of a request. Handlers get it by `ConnectInfo<ServerConnection>`.
#[derive(Clone, Debug)]
pub(crate) struct ServerConnection(Arc<Breaker>);

impl ServerConnection {
    /// Closes the connection without a response. Never returns: the handler is dropped with the connection.
    pub(crate) async fn disconnect(&self) -> std::convert::Infallible {
        self.0.trigger();
        std::future::pending().await
    }
}

impl Connected<IncomingStream<'_, BreakableListener>> for ServerConnection {
    fn connect_info(stream: IncomingStream<'_, BreakableListener>) -> Self {
        stream.remote_addr().clone()
    }
}

/// Makes all further reads and writes of a connection fail.
#[derive(Debug, Default)]
struct Breaker {
    is_broken: AtomicBool,
    reader: AtomicWaker,
}

impl Breaker {
    fn trigger(&self) {
        self.is_broken.store(true, Ordering::SeqCst);
        self.reader.wake();
    }

    fn check(&self) -> Result<()> {
        if self.is_broken.load(Ordering::SeqCst) {
            return Err(Error::from(ErrorKind::ConnectionAborted));
        }
        Ok(())
    }
}

struct BreakableListener {
    listener: TcpListener,
    connections: Connections,
}

impl Listener for BreakableListener {
    type Io = BreakableStream;
    type Addr = ServerConnection;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, _) = Listener::accept(&mut self.listener).await;
        let breaker = Arc::new(Breaker::default());
        let mut connections = lock(&self.connections);
        connections.retain(|connection| connection.strong_count() > 0);
        connections.push(Arc::downgrade(&breaker));
        let connection = ServerConnection(Arc::clone(&breaker));
        (BreakableStream { stream, breaker }, connection)
    }

    fn local_addr(&self) -> Result<Self::Addr> {
        Ok(ServerConnection(Arc::default()))
    }
}

struct BreakableStream {
    stream: TcpStream,
    breaker: Arc<Breaker>,
}

impl AsyncRead for BreakableStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        self.breaker.reader.register(cx.waker());
        self.breaker.check()?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for BreakableStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        self.breaker.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
