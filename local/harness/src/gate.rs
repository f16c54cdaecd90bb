//! A gate before a server: a port that passes connections on, or breaks them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{self, AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A port of 127.0.0.1 before another; closes when dropped.
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    open: watch::Sender<bool>,
    lose: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Gate {
    pub(crate) async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let open = watch::Sender::new(true);
        let lose = Arc::new(AtomicUsize::new(0));
        let (state, losses) = (open.subscribe(), Arc::clone(&lose));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (mut state, losses) = (state.clone(), Arc::clone(&losses));
                tokio::spawn(async move {
                    tokio::select! {
                        // Whichever ends first, both streams are dropped, and so closed.
                        _ = state.wait_for(|open| !open) => {}
                        _ = pass(client, server, &losses) => {}
                    }
                });
            }
        });
        Self {
            address,
            open,
            lose,
            task,
        }
    }

    /// Breaks all connections, old and new, while it is shut.
    pub(crate) fn set_open(&self, open: bool) {
        self.open.send_replace(open);
    }

    /// Lets the next `times` requests through to the server, but breaks the connection when it answers.
    pub(crate) fn lose_answers(&self, times: usize) {
        self.lose.store(times, Ordering::SeqCst);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
        self.set_open(false);
    }
}

async fn pass(mut client: TcpStream, server: SocketAddr, losses: &AtomicUsize) -> io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    let (mut from_client, to_client) = client.split();
    let (from_server, mut to_server) = server.split();
    tokio::select! {
        result = io::copy(&mut from_client, &mut to_server) => result.map(drop),
        result = answers(from_server, to_client, losses) => result,
    }
}

async fn answers(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, losses: &AtomicUsize) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        let lose = |left: usize| left.checked_sub(1);
        if length == 0
            || losses
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, lose)
                .is_ok()
        {
            return Ok(());
        }
        to.write_all(&buffer[..length]).await?;
    }
}
