//! A simulated cTrader, for development and tests.
//!
//! It has the two parts of cTrader that take part in the handoff of a one-time token:
//!
//! - The **backend** ([`Simulator::backend_url`]) redeems one-time tokens and changes balances. It is strict: it
//!   checks the manager token, a one-time token works once and for a minute, and errors have cTrader's statuses and
//!   bodies. Like the real cTrader it credits every call, even one with a known `externalId`.
//! - The **terminal** ([`Simulator::terminal_url`]) is the page on which a trader taps Deposit. It mints a token,
//!   opens the broker's screen in a frame, closes the frame when the screen visits the success URL, and shows all
//!   calls on a timeline.
//!
//! A [`Fault`] makes the backend fail. Tests in the same process use [`Simulator`]; the terminal page and other
//! programs use the HTTP routes under `/sim/` on the terminal's port, which `src/control.rs` lists.
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
mod behaviour;
mod control;
mod controllable_server;
mod events;
mod faults;
mod log_codes;
mod sentences;
mod terminal;
mod timeline;
mod tokens;
mod users;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use local_guard::{Callers, guarded};

pub use accounts::{BalanceChange, ChangeType};
pub use backend::EMAIL_IN_DESCRIPTIONS;
pub use backend::webserv::{DEMO_MANAGER_LOGIN, DEMO_MANAGER_PASSWORD_MD5};
pub use behaviour::{AccountBehaviour, AccountNumber, Behaviour, TraderField};
pub use events::{BuildState, ClosedBy, Event, Revision, abbreviate};
pub use faults::{Endpoint, Fault, FaultKind};
pub use timeline::Entry;
pub use tokens::{Identity, Mint, TOKEN_LIFETIME};
pub use users::{Account, User};

use accounts::Accounts;
use controllable_server::ControllableServer;
use faults::Faults;
use timeline::Timeline;
use tokens::Tokens;

/// The options of a simulated cTrader. [`Options::default`] is for tests: free ports, the demo broker.
#[derive(Clone, Debug)]
pub struct Options {
    /// The manager token (`webservToken`) that the backend accepts.
    pub manager_token: String,
    /// Origin of the broker's screens, which the terminal opens in a frame: for example `http://127.0.0.1:9000`.
    pub screens_url: String,
    /// The command that starts the broker's screens. The page shows it to the developer.
    pub screens_command: String,
    /// Port of the terminal page and the control routes; 0 takes a free one.
    pub terminal_port: u16,
    /// Port of the backend; 0 takes a free one.
    pub backend_port: u16,
    /// `brokerName` of the simulated users, as in `broker.toml`.
    pub broker_name: String,
    /// The `actionType`s for which the terminal shows a button, as in `broker.toml`.
    pub actions: Vec<String>,
    /// The redemption call that the functions use. The page shows it; the backend serves both calls.
    pub revision: Revision,
    /// Whether the calls of the redemption are under `/cid/ctid2/`, and not under `/ctid2/`. No document says which.
    pub ctid2_under_cid: bool,
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
            ctid2_under_cid: false,
        }
    }
}

/// A running simulated cTrader; stops when dropped.
pub struct Simulator {
    app: Arc<AppState>,
    backend: Arc<ControllableServer>,
    terminal: ControllableServer,
}

/// The state that the backend and the terminal share.
pub(crate) struct AppState {
    options: Options,
    manager_token: Mutex<String>,
    /// The token of the manager that alone may change balances, if there is one.
    credit_manager_token: Mutex<Option<String>>,
    tokens: Tokens,
    accounts: Accounts,
    faults: Faults,
    behaviour: Mutex<Behaviour>,
    timeline: Timeline,
}

impl Simulator {
    /// Starts the backend and the terminal on 127.0.0.1, as tasks of the caller's Tokio runtime.
    ///
    /// # Errors
    /// If a port cannot be bound; the error names the port.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let (backend_port, terminal_port) = (options.backend_port, options.terminal_port);
        let app = Arc::new(AppState {
            manager_token: Mutex::new(options.manager_token.clone()),
            credit_manager_token: Mutex::default(),
            tokens: Tokens::default(),
            accounts: Accounts::new(&users::all(&options.broker_name)),
            faults: Faults::default(),
            behaviour: Mutex::default(),
            timeline: Timeline::new(),
            options,
        });
        let calls = guarded(backend::router(Arc::clone(&app)), Callers::Itself);
        let backend = Arc::new(ControllableServer::start(backend_port, calls).await?);
        let pages = terminal::router().merge(control::router(Arc::clone(&app), Arc::clone(&backend)));
        let pages = guarded(pages, Callers::Links);
        let terminal = ControllableServer::start(terminal_port, pages).await?;
        Ok(Self {
            app,
            backend,
            terminal,
        })
    }

    /// The URL of the terminal page, for example `http://localhost:9001`. The host is `localhost`, so that a screen
    /// on
    /// 127.0.0.1 is on another site and its frame is third-party, as in production.
    #[must_use]
    pub fn terminal_url(&self) -> String {
        format!("http://localhost:{}", self.terminal.port())
    }

    /// The URL of the backend, for example `http://127.0.0.1:9002`: the base URL of `/v2/webserv/...`. With the fault
    /// [`FaultKind::Down`] its listener is closed, so that connections are refused.
    #[must_use]
    pub fn backend_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.backend.port())
    }

    /// The base URL of `/ctid2/...`, for `CTRADER_BASE_URL`: that of the backend, or with
    /// [`Options::ctid2_under_cid`] another one.
    #[must_use]
    pub fn ctid2_url(&self) -> String {
        let base = if self.app.options.ctid2_under_cid {
            "/cid"
        } else {
            ""
        };
        format!("{}{base}", self.backend_url())
    }

    /// Sets how the backend behaves where no document settles it.
    pub fn set_behaviour(&self, behaviour: Behaviour) {
        *lock(&self.app.behaviour) = behaviour;
    }

    /// Makes a one-time token, as cTrader does when a trader taps a button.
    pub fn mint(&self, mint: Mint) -> String {
        self.app.mint(mint)
    }

    /// Sets the fault of the backend, or clears it. The change is complete when this returns.
    ///
    /// # Errors
    /// If the listener cannot be closed or opened again.
    pub async fn set_fault(&self, fault: Option<Fault>) -> std::io::Result<()> {
        set_fault(&self.app, &self.backend, fault).await
    }

    /// Changes the manager token, as a change of the manager's password does. The backend refuses the old one from
    /// now on.
    pub fn set_manager_token(&self, token: &str) {
        self.app.set_manager_token(token);
    }

    /// Makes a second manager with this token. Only that one may change balances from now on, and it may not redeem
    /// one-time tokens.
    pub fn set_credit_manager_token(&self, token: &str) {
        *lock(&self.app.credit_manager_token) = Some(token.to_owned());
    }

    /// Adds an event to the timeline that only the caller knows: a build, a recorded request.
    pub fn emit(&self, event: Event) {
        self.app.timeline.add(event);
    }

    /// All events so far, oldest first.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.log().into_iter().map(|entry| entry.event).collect()
    }

    /// All events so far with their times and sentences.
    #[must_use]
    pub fn log(&self) -> Vec<Entry> {
        self.app.timeline.since(0)
    }

    /// The simulated users that [`Mint::user`] knows, with their present balances.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.app.users()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // The terminal's server stops when dropped. A control call in flight may keep the backend's server alive.
        self.backend.stop();
    }
}

impl AppState {
    fn users(&self) -> Vec<User> {
        let mut users = users::all(&self.options.broker_name);
        for account in users.iter_mut().flat_map(|user| &mut user.accounts) {
            if let Some(current) = self.accounts.find(account.login) {
                *account = current;
            }
        }
        users
    }

    /// The account's owner.
    fn owner_of(&self, login: u64) -> Option<User> {
        let mut users = users::all(&self.options.broker_name).into_iter();
        users.find(|user| user.accounts.iter().any(|account| account.login == login))
    }

    fn mint(&self, mint: Mint) -> String {
        let (token, event) = self
            .tokens
            .mint(mint, &self.options.broker_name, &lock(&self.behaviour));
        self.timeline.add(event);
        token
    }

    fn set_manager_token(&self, token: &str) {
        token.clone_into(&mut lock(&self.manager_token));
        self.timeline.add(Event::ManagerTokenChanged);
    }
}

/// Changes the fault. The listener closes before, and opens after, so that no call gets in between.
async fn set_fault(
    app: &AppState,
    backend: &ControllableServer,
    fault: Option<Fault>,
) -> std::io::Result<()> {
    let previous = app.faults.current();
    let is_down = fault.as_ref().is_some_and(|fault| fault.kind == FaultKind::Down);
    if is_down {
        backend.refuse_connections().await?;
        app.faults.set(fault.clone());
    } else {
        app.faults.set(fault.clone());
        backend.accept_connections().await?;
    }
    if fault != previous {
        app.timeline.add(Event::Fault { fault });
    }
    Ok(())
}

/// Locks a mutex. Ignores poisoning, so that a panic in one task does not spread to others.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
