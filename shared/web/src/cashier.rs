//! The deposit screen: what it does beside a form that is recorded. It knows the account's currency, creates the deposit,
//! sends the trader on to the cashier, and says at `/inapp/deposit/{id}` where the deposit stands.

use std::time::SystemTime;

use askama::Template;
use broker::{Method, MethodKind, Redirect};
use deposits::{Deposit, DepositId, Order, Status, Store};
use domain::{Launch, RecordId};
use http::Method as Verb;
use jiff::Timestamp;
use ledger::LedgerError;
use resolution::{Session, SessionError, SessionKey};
use rust_decimal::Decimal;
use serde::Serialize;
use tokio::time::{Duration, Instant, timeout_at};

use crate::{
    Answer, Code, Content, Failure, Fields, Form, Handler, Page, Request, Screen, Screens, Texts,
    form::money,
    screens::{Visit, in_time, url_of},
};

/// How long the form waits for what it can do without.
const LOOK_UP: Duration = Duration::from_millis(1_500);

impl<S: Screen> Screens<S> {
    /// The form of a cashier: for the currency of the account, and with the deposits that are under way.
    pub(crate) async fn show_cashier(
        &self,
        request: &Request,
        mut session: Session,
        key: &SessionKey,
    ) -> Result<Answer, Failure> {
        let broker = self.visit(&session)?.broker.name.get_ref().clone();
        let in_time = Instant::now() + LOOK_UP;
        let in_time = in_time.min(request.deadline);
        let login = session.identity.trading_login();
        let listed = async {
            match login {
                Some(login) => self.ledger.open_deposits(broker.as_str(), login).await,
                None => Ok(Vec::new()),
            }
        };
        let listed = timeout_at(in_time, listed);
        let (known, listed) = tokio::join!(self.know_currency(in_time, &mut session), listed);
        // The one-time token is spent: the form opens all the same, and what is missing is asked for again with the submit.
        let mut details = Vec::new();
        if let Err(failure) = known {
            details.extend(failure.detail);
        }
        let open = match listed {
            Ok(Ok(open)) => open,
            Ok(Err(error)) => {
                details.push(error.to_string());
                Vec::new()
            }
            Err(_) => {
                details.push("the open deposits were not listed in time".into());
                Vec::new()
            }
        };
        let visit = self.visit(&session)?;
        let form = S::form(&visit, &Fields::default());
        let answer = self.form_answer(session, key, &form, &open, 200, "OK")?;
        Ok(Answer {
            detail: (!details.is_empty()).then(|| details.join("; ")),
            ..answer
        })
    }

    /// Asks cTrader what the account is kept in, unless the session knows.
    pub(crate) async fn know_currency(
        &self,
        deadline: Instant,
        session: &mut Session,
    ) -> Result<(), Failure> {
        if session.currency.is_some() {
            return Ok(());
        }
        let broker = self.visit(session)?.broker.name.get_ref().clone();
        let currency = self
            .resolver
            .account_currency(login(session)?, &broker, &self.secrets, deadline)
            .await?;
        session.currency = Some(currency);
        Ok(())
    }

    /// Creates the deposit that the form asks for, once, and takes the trader to where it is paid.
    pub(crate) async fn pay(
        &self,
        request: &Request,
        mut session: Session,
        key: &SessionKey,
        form: &Form,
    ) -> Result<Answer, Failure> {
        let fields = form.record();
        let get = |name| fields.get(name).map(String::as_str).unwrap_or_default();
        let visit = self.visit(&session)?;
        let method = visit.config.deposit.method(get("method"));
        let method = method.ok_or_else(|| Failure::invalid("method"))?;
        let amount: Decimal = get("amount").parse().map_err(|_| Failure::invalid("amount"))?;
        let order = Order {
            broker: visit.broker.name.get_ref().to_string(),
            method: method.id.get_ref().clone(),
            login: login(&session)?,
            amount,
            currency: get("currency").to_owned(),
            at: Timestamp::now(),
            wait_seconds: u32::try_from(method.expires_after().as_secs()).unwrap_or(u32::MAX),
        };
        let write = RecordId::random()?;
        let mut deposit = Deposit::new(deposit_id(&session)?, order, write.as_str().to_owned());
        if method.kind() == MethodKind::BankTransfer {
            // There is nothing to begin at a provider: the back office waits for it.
            deposit.status = Status::Pending;
        }
        let record = self.record_of(&visit, &session, fields.clone());
        let held = in_time(request, self.ledger.create_deposit(&deposit, &record)).await?;
        session.recorded = true;
        let code = if held.write == deposit.write {
            "RECORDED"
        } else {
            "ALREADY_RECORDED"
        };
        let answer = match self.cashier(&held) {
            Some(cashier) if cashier.framed || request.prefers_json() => {
                self.to_cashier(request, session, key, &held, cashier, code)
                    .await?
            }
            _ if request.prefers_json() => Answer::new(201, code, created(&held, None)),
            _ => self.show_deposit(request, session, key, &held, code)?,
        };
        Ok(Answer {
            reference: Some(held.id.reference()),
            ..answer
        })
    }

    /// The session's deposit, where it stands now; else its form.
    pub(crate) async fn resume_deposit(
        &self,
        request: &Request,
        mut session: Session,
        key: &SessionKey,
    ) -> Result<Answer, Failure> {
        match self.load_deposit(request, &deposit_id(&session)?).await? {
            Some(deposit) => {
                session.recorded = true;
                self.show_deposit(request, session, key, &deposit, "OK")
            }
            None => self.show(request, session, key).await,
        }
    }

    /// `/inapp/deposit/{id}`: to a session of the trader's in full, to the bare id only the status. A cashier may send the
    /// trader here by a form of its own.
    pub(crate) async fn deposit_at(&self, request: &Request, id: &str) -> Result<Answer, Failure> {
        let id: DepositId = id.parse().map_err(|_| Failure::new(Code::NotFound))?;
        let fields = match request.method {
            Verb::GET | Verb::HEAD => Fields::default(),
            Verb::POST => Fields::read(request)?,
            _ => return Err(Failure::new(Code::MethodNotAllowed)),
        };
        let deposit = self.load_deposit(request, &id).await?;
        let deposit = deposit.ok_or_else(|| Failure::new(Code::NotFound))?;
        if request.method == Verb::HEAD {
            return Ok(Answer::new(200, "OK", Content::Empty));
        }
        let key = self.session_key(request).await?;
        let submitted = key.open(S::ACTION, fields.get("session"), SystemTime::now());
        let in_body = submitted.is_ok();
        // A field of the cashier's own may have that name; a page of ours that asks with it asks once.
        let none_of_ours =
            matches!(submitted, Err(SessionError::Invalid)) && fields.get("restore").is_empty();
        let session = match submitted {
            Err(_) if none_of_ours => {
                let of_cookie = self.session_of_cookie(request, None).await?;
                of_cookie.map(|(session, _)| session)
            }
            submitted => submitted.ok(),
        };
        let Some(session) = session.filter(|session| self.owns(session, &deposit)) else {
            return self.show_status(request, &deposit, none_of_ours);
        };
        match self.cashier(&deposit) {
            // The cookie alone lets nothing be done.
            Some(cashier) if fields.get("open") == "1" && in_body => {
                self.to_cashier(request, session, &key, &deposit, cashier, "REDIRECTED")
                    .await
            }
            _ => self.show_deposit(request, session, &key, &deposit, "OK"),
        }
    }

    async fn load_deposit(&self, request: &Request, id: &DepositId) -> Result<Option<Deposit>, Failure> {
        let load = async {
            let loaded = self.ledger.load(id).await;
            loaded.map_err(|error| LedgerError::Unavailable(error.0))
        };
        in_time(request, load).await
    }

    /// Whether the session's trader has that account, at that broker.
    fn owns(&self, session: &Session, deposit: &Deposit) -> bool {
        let visit = self.visit(session);
        let broker = visit.is_ok_and(|visit| *visit.broker.name.get_ref() == *deposit.order.broker);
        broker && session.identity.trading_login() == Some(deposit.order.login)
    }

    /// Where the deposit can still be paid.
    fn cashier(&self, deposit: &Deposit) -> Option<Redirect<'_>> {
        let open = matches!(deposit.status, Status::Created | Status::Pending);
        let method = self.site.config.deposit.method(&deposit.order.method);
        method.filter(|_| open)?.cashier()
    }

    /// Sends the trader on to the cashier, with a fresh assertion.
    async fn to_cashier(
        &self,
        request: &Request,
        mut session: Session,
        key: &SessionKey,
        deposit: &Deposit,
        cashier: Redirect<'_>,
        code: &'static str,
    ) -> Result<Answer, Failure> {
        let order = &deposit.order;
        let page = cashier.page(&order.broker);
        let page = page.ok_or_else(|| Failure::internal("broker.toml has no cashier for this broker"))?;
        let visit = self.visit(&session)?;
        let claim = assertion::Deposit {
            id: deposit.id.as_str().to_owned(),
            account: order.login,
            amount: order.amount,
            currency: order.currency.clone(),
            method: order.method.clone(),
            return_url: self.absolute(&deposit_url(&visit, &deposit.id), request),
        };
        match self.assertion(request, &visit, page, Some(&claim)).await {
            Ok(assertion) if request.prefers_json() => {
                let content = created(deposit, Some(page.with_assertion(&assertion)));
                Ok(Answer::new(201, code, content))
            }
            Ok(assertion) => Ok(Answer {
                location: Some(page.with_assertion(&assertion)),
                cookie: Some(Self::renewed(&mut session, key)?),
                ..Answer::new(303, code, Content::Empty)
            }),
            Err(failure) if failure.code.worth_retrying() && !request.prefers_json() => {
                let sealed = Self::renewed(&mut session, key)?;
                let answer = self.try_again(&session, &sealed, failure, "restore")?;
                Ok(Answer {
                    cookie: Some(sealed),
                    ..answer
                })
            }
            Err(failure) => Err(failure),
        }
    }

    /// Where the deposit stands, in full.
    fn show_deposit(
        &self,
        request: &Request,
        mut session: Session,
        key: &SessionKey,
        deposit: &Deposit,
        code: &'static str,
    ) -> Result<Answer, Failure> {
        let order = &deposit.order;
        if request.prefers_json() {
            let content = Content::json(&Shown {
                id: deposit.id.as_str(),
                status: deposit.status.as_str(),
                amount: Some(order.amount.to_string()),
                currency: Some(&order.currency),
                account: Some(order.login),
            });
            return Ok(Answer::new(200, code, content));
        }
        let sealed = Self::renewed(&mut session, key)?;
        let visit = self.visit(&session)?;
        let method = visit.config.deposit.method(&order.method);
        let stage = Stage::of(deposit, method);
        let texts = visit.texts;
        let page = self.page(&session, texts.get("deposit-title"))?;
        let status_url = deposit_url(&visit, &deposit.id);
        let instructions = method.and_then(|method| method.instructions.as_ref());
        let text = match (stage, instructions) {
            (Stage::Transfer, Some(instructions)) => visit.text(instructions.get_ref()).to_owned(),
            _ => texts.get(&stage.key("text")),
        };
        let details = method.filter(|_| stage == Stage::Transfer).map(|method| {
            let details = method.details(&order.broker, &order.currency);
            let rows = details.map(|detail| {
                let label = visit.text(detail.label.get_ref()).to_owned();
                (label, detail.value.get_ref().clone())
            });
            rows.collect::<Vec<_>>()
        });
        let (exit, exit_label) = self.way_out(stage, &session.launch);
        let html = DepositPage {
            page: &page,
            head: Head::of(deposit, stage, Some(status_url.clone())),
            stage,
            title: texts.get(&stage.key("title")),
            text,
            amount: deposit_amount(deposit, texts),
            account: visit.account(),
            method: method.map(|method| visit.text(method.label.get_ref())),
            details: &details.unwrap_or_default(),
            again: code == "ALREADY_RECORDED",
            reference: &deposit.id.reference(),
            cashier: self.cashier(deposit),
            status_url: &status_url,
            since: order.at,
            exit: &exit,
            exit_label,
            session: &sealed,
        }
        .render();
        let content = page.content(html)?;
        Ok(Answer {
            cookie: Some(sealed),
            polls: true,
            ..Answer::new(200, code, content)
        })
    }

    /// Where the last button leads, and what it says.
    fn way_out(&self, stage: Stage, launch: &Launch) -> (String, &'static str) {
        let config = &self.site.config;
        match stage {
            Stage::Credited => (self.done_url(launch), "done"),
            stage if stage.is_over() => (config.failure_url.get_ref().clone(), "close"),
            Stage::Transfer => (config.success_url.get_ref().clone(), "done"),
            _ => (config.success_url.get_ref().clone(), "close"),
        }
    }

    /// Where the deposit stands, to somebody who knows only its id.
    fn show_status(
        &self,
        request: &Request,
        deposit: &Deposit,
        may_restore: bool,
    ) -> Result<Answer, Failure> {
        if request.prefers_json() {
            let content = Content::json(&Shown {
                id: deposit.id.as_str(),
                status: deposit.status.as_str(),
                amount: None,
                currency: None,
                account: None,
            });
            return Ok(Answer::new(200, "OK", content));
        }
        let method = self.site.config.deposit.method(&deposit.order.method);
        let stage = Stage::of(deposit, method);
        let broker = deposit.order.broker.as_str().into();
        let mut page = self
            .site
            .sessionless(Self::NAME, request, Some(&broker), "deposit-title")?;
        if may_restore {
            // The page may still have its session, where cookies are blocked.
            page.state = "lost";
        }
        // What to transfer where is for the trader only.
        let key = if stage == Stage::Transfer {
            Stage::Pending
        } else {
            stage
        };
        let (exit, exit_label) = self.way_out(key, &Launch::default());
        let html = StatusPage {
            page: &page,
            exit: &exit,
            exit_label,
            head: Head::of(deposit, stage, None),
            stage,
            title: page.texts.get(&key.key("title")),
            text: page.texts.get(&key.key("text")),
        }
        .render();
        let content = page.content(html)?;
        Ok(Answer {
            polls: true,
            ..Answer::new(200, "OK", content)
        })
    }
}

/// The trading account that is credited: cTrader's login, never the URL's.
fn login(session: &Session) -> Result<i64, Failure> {
    let login = session.identity.trading_login();
    login.ok_or_else(|| Failure::new(Code::AccountMismatch))
}

/// The deposit that this session's form makes.
fn deposit_id(session: &Session) -> Result<DepositId, Failure> {
    session.request.as_str().parse().map_err(Failure::internal)
}

/// The path that shows a deposit of that trader.
pub fn deposit_url(visit: &Visit<'_>, id: &DepositId) -> String {
    url_of(&format!("deposit/{id}"), visit.texts, visit.launch.theme)
}

/// In a few words, where a deposit of that trader stands.
pub fn deposit_stands(visit: &Visit<'_>, deposit: &Deposit) -> String {
    let method = visit.config.deposit.method(&deposit.order.method);
    visit.texts.get(&Stage::of(deposit, method).key("title"))
}

/// The amount as the language writes it, with its currency.
pub fn deposit_amount(deposit: &Deposit, texts: Texts) -> String {
    let order = &deposit.order;
    money(order.amount, order.amount.scale(), &order.currency, texts)
}

/// Where a deposit stands, for the trader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The trader has not paid.
    Created,
    /// The trader is to make a transfer.
    Transfer,
    /// The provider has it in hand.
    Pending,
    /// Paid, and being credited.
    Paid,
    Credited,
    Failed,
    Expired,
    /// Somebody looks at it.
    Checking,
}

impl Stage {
    fn of(deposit: &Deposit, method: Option<&Method>) -> Self {
        let transfer = method.is_some_and(|method| method.kind() == MethodKind::BankTransfer);
        match deposit.status {
            Status::Created | Status::Pending if transfer => Self::Transfer,
            Status::Created => Self::Created,
            Status::Pending => Self::Pending,
            Status::Paid | Status::Crediting => Self::Paid,
            Status::Credited => Self::Credited,
            Status::Failed => Self::Failed,
            Status::Expired => Self::Expired,
            Status::Review | Status::Unknown => Self::Checking,
        }
    }

    /// Key of a text about it.
    fn key(self, what: &str) -> String {
        let name = match self {
            Self::Created => "created",
            Self::Transfer => "transfer",
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Credited => "credited",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Checking => "checking",
        };
        format!("deposit-{name}-{what}")
    }

    /// The icon.
    fn mood(self) -> &'static str {
        match self {
            Self::Credited => "good",
            Self::Failed | Self::Expired => "bad",
            _ => "open",
        }
    }

    /// Whether paying is what the trader is to do next; once the provider has it in hand it would perhaps be done twice.
    fn is_to_be_paid(self) -> bool {
        self == Self::Created
    }

    /// Whether the trader may want to begin anew.
    fn is_over(self) -> bool {
        matches!(self, Self::Failed | Self::Expired)
    }

    /// Whether the trader has done their part, and may want to make another.
    fn may_be_followed(self) -> bool {
        matches!(self, Self::Transfer | Self::Credited)
    }

    /// Whether nothing more is waited for.
    fn is_end(self) -> bool {
        self == Self::Credited || self.is_over()
    }

    /// Whether it can change without the trader: a payment may come after a declined one, or late.
    fn waits(self) -> bool {
        self != Self::Credited
    }
}

/// What the page's script needs to see a change.
struct Head<'a> {
    status: &'static str,
    /// Where to ask: the deposit's own URL, unless the page is at it.
    poll: Option<String>,
    /// The deposit's id.
    id: &'a DepositId,
}

impl<'a> Head<'a> {
    fn of(deposit: &'a Deposit, stage: Stage, path: Option<String>) -> Self {
        Self {
            status: deposit.status.as_str(),
            poll: stage.waits().then(|| path.unwrap_or_default()),
            id: &deposit.id,
        }
    }
}

/// A deposit, to its trader.
#[derive(Template)]
#[template(path = "deposit_status.html")]
struct DepositPage<'a> {
    page: &'a Page,
    head: Head<'a>,
    stage: Stage,
    title: String,
    text: String,
    amount: String,
    account: Option<i64>,
    method: Option<&'a str>,
    details: &'a [(String, String)],
    again: bool,
    reference: &'a str,
    cashier: Option<Redirect<'a>>,
    status_url: &'a str,
    since: Timestamp,
    exit: &'a str,
    exit_label: &'static str,
    session: &'a str,
}

/// A deposit, to whoever has its id.
#[derive(Template)]
#[template(path = "deposit_bare.html")]
struct StatusPage<'a> {
    page: &'a Page,
    exit: &'a str,
    exit_label: &'static str,
    head: Head<'a>,
    stage: Stage,
    title: String,
    text: String,
}

/// The answer, in JSON, to a submit that made a deposit.
fn created(deposit: &Deposit, redirect: Option<String>) -> Content {
    Content::json(&Created {
        id: deposit.id.as_str(),
        status: deposit.status.as_str(),
        redirect,
    })
}

/// JSON of a deposit that was asked for.
#[derive(Serialize)]
struct Created<'a> {
    id: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect: Option<String>,
}

/// JSON of a deposit: in full, or only its status.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<i64>,
}
