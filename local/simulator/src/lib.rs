//! A simulated cTrader, for development and tests.
//!
//! It plays both parts that cTrader plays in the one-time token handoff:
//!
//! - the **backend** ([`Simulator::backend_url`]), which redeems one-time tokens and changes balances. It is strict:
//!   the manager token is checked, a token works once and for a minute, and errors have cTrader's statuses and bodies.
//!   It credits as often as it is told to, whatever the `externalId`: so does the real one;
//! - the **terminal** ([`Simulator::terminal_url`]), the page in which a trader taps Deposit. It mints a
//!   token, opens the broker's screen in a frame, closes it when the screen visits the success URL, and shows
//!   on a timeline what crossed the wire.
//!
//! Both can be told to misbehave: see [`Fault`]. All of it is driven in process by [`Simulator`] and over
//! HTTP by the routes under `/sim/` of the terminal's port, which `src/control.rs` lists.
//!
//! ```no_run
//! # async fn demo() -> std::io::Result<()> {
//! use simulator::{Fault, Mint, Options, Simulator};
//!
//! let ctrader = Simulator::start(Options::default()).await?;
//! let token = ctrader.mint(Mint::user("ada"));
//! ctrader.set_fault(Some(Fault::lose_answer().times(1))).await?;
//! println!("redeem {token} at {}", ctrader.backend_url());
//! # Ok(())
//! # }
//! ```

mod accounts;
mod backend;
mod control;
mod door;
mod events;
mod faults;
mod outcomes;
mod terminal;
mod tokens;
mod users;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use accounts::{BalanceChange, ChangeType};
pub use backend::webserv::{DEMO_MANAGER_LOGIN, DEMO_MANAGER_PASSWORD_MD5};
pub use events::{BuildState, ClosedBy, Entry, Event, Revision, abbreviate};
pub use faults::{Endpoint, Fault, FaultKind};
pub use tokens::{Identity, Mint, TOKEN_LIFE};
pub use users::{Account, User};

use accounts::Accounts;
use door::Door;
use events::Timeline;
use faults::Faults;
use tokens::Tokens;

/// How a simulated cTrader is set up. [`Options::default`] suits tests: any free ports, the demo broker.
#[derive(Clone, Debug)]
pub struct Options {
    /// The manager token (`webservToken`) that the backend accepts.
    pub manager_token: String,
    /// Origin of the broker's screens, for example `http://127.0.0.1:9000`: what the terminal frames.
    pub screens_url: String,
    /// What starts the broker's screens, for a developer to type.
    pub screens_command: String,
    /// Port of the terminal page and the control routes; 0 takes a free one.
    pub terminal_port: u16,
    /// Port of the backend; 0 takes a free one.
    pub backend_port: u16,
    /// `brokerName` of the simulated users, as in `broker.toml`.
    pub broker_name: String,
    /// `actionType`s for which the terminal shows a button, as in `broker.toml`.
    pub actions: Vec<String>,
    /// Which redemption call the functions are set to make. The backend serves both; the page only says it.
    pub revision: Revision,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            manager_token: "simulated-manager-token".to_owned(),
            screens_url: "http://127.0.0.1:9000".to_owned(),
            screens_command: "cargo lambda watch".to_owned(),
            terminal_port: 0,
            backend_port: 0,
            broker_name: "demobroker".to_owned(),
            actions: vec!["withdraw".to_owned()],
            revision: Revision::Data,
        }
    }
}

/// A running simulated cTrader; stops when dropped.
pub struct Simulator {
    world: Arc<World>,
    backend: Arc<Door>,
    terminal: Door,
}

/// What the backend and the terminal know in common.
pub(crate) struct World {
    options: Options,
    manager_token: Mutex<String>,
    tokens: Tokens,
    accounts: Accounts,
    faults: Faults,
    timeline: Timeline,
}

impl Simulator {
    /// Starts the backend and the terminal on 127.0.0.1, as tasks of the caller's Tokio runtime.
    ///
    /// # Errors
    /// When a port cannot be bound, naming the port.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let (backend_port, terminal_port) = (options.backend_port, options.terminal_port);
        let world = Arc::new(World {
            manager_token: Mutex::new(options.manager_token.clone()),
            tokens: Tokens::default(),
            accounts: Accounts::of(&users::all(&options.broker_name)),
            faults: Faults::default(),
            timeline: Timeline::new(),
            options,
        });
        let backend = Arc::new(Door::open(backend_port, backend::router(Arc::clone(&world))).await?);
        let pages = terminal::router().merge(control::router(Arc::clone(&world), Arc::clone(&backend)));
        let terminal = Door::open(terminal_port, pages).await?;
        Ok(Self {
            world,
            backend,
            terminal,
        })
    }

    /// Where the terminal page is, for example `http://localhost:9001`. `localhost` and not `127.0.0.1`, so
    /// that a screen on 127.0.0.1 is on another site and its frame truly third-party.
    #[must_use]
    pub fn terminal_url(&self) -> String {
        format!("http://localhost:{}", self.terminal.port())
    }

    /// What `CTRADER_BASE_URL` is set to, for example `http://127.0.0.1:9002`. While the fault is
    /// [`FaultKind::Down`] its listener is really closed: connections are refused.
    #[must_use]
    pub fn backend_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.backend.port())
    }

    /// Makes a one-time token, as cTrader does when a trader taps an action.
    pub fn mint(&self, mint: Mint) -> String {
        self.world.mint(mint)
    }

    /// Makes the backend misbehave from now on, or behave again. When this returns, the listener is as the
    /// fault says.
    ///
    /// # Errors
    /// When the listener cannot be closed or opened again.
    pub async fn set_fault(&self, fault: Option<Fault>) -> std::io::Result<()> {
        set_fault(&self.world, &self.backend, fault).await
    }

    /// Changes the manager token, as a change of the manager's password does: the old one is refused from now
    /// on.
    pub fn set_manager_token(&self, token: &str) {
        self.world.set_manager_token(token);
    }

    /// Shows something on the timeline that only the caller knows: a build, a recorded request.
    pub fn emit(&self, event: Event) {
        self.world.timeline.add(event);
    }

    /// All that has happened so far, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.log().into_iter().map(|entry| entry.event).collect()
    }

    /// The same with its times and sentences.
    #[must_use]
    pub fn log(&self) -> Vec<Entry> {
        self.world.timeline.since(0)
    }

    /// The simulated users that [`Mint::user`] knows, with their balances of now.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.world.users()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // The terminal's own door shuts as it is dropped; the backend's may be held by a control call in flight.
        self.backend.shut();
    }
}

impl World {
    fn users(&self) -> Vec<User> {
        let mut users = users::all(&self.options.broker_name);
        for account in users.iter_mut().flat_map(|user| &mut user.accounts) {
            if let Some(now) = self.accounts.find(account.login) {
                *account = now;
            }
        }
        users
    }

    /// `brokerName` of the user whose account it is.
    fn broker_of(&self, login: u64) -> Option<String> {
        let mut users = users::all(&self.options.broker_name).into_iter();
        let owner = users.find(|user| user.accounts.iter().any(|account| account.login == login));
        owner.map(|user| user.broker_name)
    }

    fn mint(&self, mint: Mint) -> String {
        let (token, minted) = self.tokens.mint(mint, &self.options.broker_name);
        self.timeline.add(minted);
        token
    }

    fn set_manager_token(&self, token: &str) {
        token.clone_into(&mut locked(&self.manager_token));
        self.timeline.add(Event::ManagerTokenChanged);
    }
}

/// One change of fault: the listener first, so that nothing slips through between the two.
async fn set_fault(world: &World, backend: &Door, fault: Option<Fault>) -> std::io::Result<()> {
    let before = world.faults.current();
    let down = fault.as_ref().is_some_and(|fault| fault.kind == FaultKind::Down);
    if down {
        backend.close().await?;
        world.faults.set(fault.clone());
    } else {
        world.faults.set(fault.clone());
        backend.reopen().await?;
    }
    if fault != before {
        world.timeline.add(Event::Fault { fault });
    }
    Ok(())
}

/// Locks; a panic elsewhere, while the lock was held, does not spread.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
