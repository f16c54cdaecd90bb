//! A TCP proxy in front of a server, which tests can make fail.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{self, AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A proxy on a port of 127.0.0.1; closes when dropped.
pub(crate) struct FlakyProxy {
    pub(crate) address: SocketAddr,
    available: watch::Sender<bool>,
    /// How many of the next responses get lost.
    losses: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl FlakyProxy {
    /// Starts a proxy that forwards all connections to `server`.
    pub(crate) async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let available = watch::Sender::new(true);
        let losses = Arc::new(AtomicUsize::new(0));
        let task = tokio::spawn(accept(
            listener,
            server,
            available.subscribe(),
            Arc::clone(&losses),
        ));
        Self {
            address,
            available,
            losses,
            task,
        }
    }

    /// While not available, breaks all connections, old and new.
    pub(crate) fn set_available(&self, available: bool) {
        self.available.send_replace(available);
    }

    /// Forwards the next `count` requests, but breaks the connection when the server responds.
    pub(crate) fn lose_responses(&self, count: usize) {
        self.losses.store(count, Ordering::SeqCst);
    }
}

impl Drop for FlakyProxy {
    fn drop(&mut self) {
        self.task.abort();
        self.set_available(false);
    }
}

async fn accept(
    listener: TcpListener,
    server: SocketAddr,
    available: watch::Receiver<bool>,
    losses: Arc<AtomicUsize>,
) {
    while let Ok((client, _)) = listener.accept().await {
        let mut available = available.clone();
        let losses = Arc::clone(&losses);
        tokio::spawn(async move {
            tokio::select! {
                // Whichever ends first drops, and so closes, both connections.
                _ = available.wait_for(|available| !available) => {}
                _ = forward(client, server, &losses) => {}
            }
        });
    }
}

async fn forward(mut client: TcpStream, server: SocketAddr, losses: &AtomicUsize) -> io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    let (mut from_client, to_client) = client.split();
    let (from_server, mut to_server) = server.split();
    tokio::select! {
        result = io::copy(&mut from_client, &mut to_server) => result.map(drop),
        result = forward_responses(from_server, to_client, losses) => result,
    }
}

async fn forward_responses(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    losses: &AtomicUsize,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 || take_one(losses) {
            return Ok(());
        }
        to.write_all(&buffer[..length]).await?;
    }
}

/// Subtracts one; `false` if nothing is left.
fn take_one(count: &AtomicUsize) -> bool {
    let minus_one = |left: usize| left.checked_sub(1);
    count
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, minus_one)
        .is_ok()
}
