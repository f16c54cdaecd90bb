//! The deposit screen: its steps.

use std::{sync::Arc, time::SystemTime};

use config::Redirect;
use deposits::{Deposit, DepositBody, Order, Status, Store};
use domain::{Money, NoRandomness, RecordId, ScreenKind};
use http::Method;
use jiff::Timestamp;
use payments::{AttemptId, PaymentRequest, Start};
use resolution::{AccountCurrency, Resolver, SessionError};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use store::{Table, TableError};
use tokio::time::{Duration, Instant, timeout_at};
use web::{
    Answer, Ask, Assets, Code, Content, Context, Failure, Fields, FormState, Redirects, Screen, ScreenState,
    Secrets, Setup, Shown, Sources, StartError, Submit, Visitor, request_record,
};

use crate::{form, status};

/// How long the form waits for what it can do without.
const LOOK_UP: Duration = Duration::from_millis(1_500);

/// The deposit screen.
pub struct DepositScreen {
    pub table: Table,
    pub redirects: Option<Redirects>,
    resolver: Arc<Resolver>,
    secrets: Arc<Secrets>,
    sources: Sources,
}

/// What the screen remembers.
#[derive(Serialize, Deserialize)]
pub struct DepositState {
    /// The deposit that the form makes has the id of its request.
    #[serde(flatten)]
    pub form: FormState,
    /// What the trading account is kept in, once cTrader has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<AccountCurrency>,
}

impl ScreenState for DepositState {
    fn new() -> Result<Self, NoRandomness> {
        Ok(Self {
            form: FormState::new()?,
            currency: None,
        })
    }
}

/// The context of the deposit screen.
pub type DepositContext<'a> = Context<'a, DepositState>;

impl Screen for DepositScreen {
    const KIND: ScreenKind = ScreenKind::Deposit;
    type State = DepositState;
    const ASSETS: Assets = Assets {
        style: include_str!("../assets/deposit.css"),
        script: include_str!("../assets/deposit.js"),
    };

    async fn start(setup: &Setup) -> Result<Self, StartError> {
        let config = setup.config();
        let pages = config.deposit.redirects();
        let table = setup.settings.ledger_table.clone();
        Ok(Self {
            table: Table::new(aws_sdk_dynamodb::Client::new(&setup.aws), table),
            redirects: Redirects::start(setup, &pages)?,
            resolver: Arc::clone(&setup.resolver),
            secrets: Arc::clone(&setup.secrets),
            sources: Sources {
                // A page that waits asks how the deposit stands.
                connect: vec!["'self'".into()],
                ..Redirects::sources(config, &pages)
            },
        })
    }

    fn sources(&self) -> Sources {
        self.sources.clone()
    }

    async fn open(&self, cx: &mut DepositContext<'_>) -> Result<Answer, Failure> {
        if let Some((redirects, redirect)) = self.redirect(cx) {
            return redirects.open(cx, redirect, title(cx)).await;
        }
        if cx.session.state.form.recorded {
            self.show_own_deposit(cx).await
        } else {
            self.show_form(cx).await
        }
    }

    async fn submit(&self, cx: &mut DepositContext<'_>, submit: Submit) -> Result<Answer, Failure> {
        if let Some((redirects, redirect)) = self.redirect(cx) {
            return redirects.submit(cx, redirect, title(cx), submit).await;
        }
        match submit {
            Submit::Form(fields) => self.create(cx, &fields).await,
            Submit::StartOver => {
                cx.state().form.start_over()?;
                self.show_form(cx).await
            }
            Submit::Restore | Submit::CheckAgain | Submit::GoOn => self.show_own_deposit(cx).await,
        }
    }

    /// `/inapp/deposit/{id}`: to a session of the trader's in full, to the bare id only the status. A cashier may send the
    /// trader here by a form of its own.
    async fn subpath(&self, visitor: Visitor<'_, Self>, path: &str) -> Result<Answer, Failure> {
        let id: RecordId = path.parse().map_err(|_| Failure::new(Code::NotFound))?;
        let fields = visitor.fields()?;
        let deposit = visitor.in_time(self.load(&id)).await?;
        let deposit = deposit.ok_or_else(|| Failure::new(Code::NotFound))?;
        if visitor.request.method == Method::HEAD {
            return Ok(Answer::new(200, "OK", Content::Empty));
        }
        // The fields may be those of a cashier's form, whatever their names.
        let ask = Ask::read(&fields).ok().flatten();
        let by_field = visitor.by_field(&fields).await?;
        let cashiers = matches!(by_field, Err(SessionError::Invalid)) && ask.is_none();
        // The cookie alone lets nothing be done.
        let may_go_on = by_field.is_ok() && ask == Some(Ask::GoOn);
        let cx = if cashiers {
            visitor.by_cookie(None).await?
        } else {
            by_field.ok()
        };
        let Some(mut cx) = cx.filter(|cx| owns(cx, &deposit)) else {
            return status::show_bare(&visitor, &deposit, cashiers);
        };
        match cashier(&cx, &deposit) {
            Some(cashier) if may_go_on => self.to_cashier(&mut cx, &deposit, cashier, "REDIRECTED").await,
            _ => status::show(&mut cx, &deposit, Shown::AsItStands),
        }
    }
}

impl DepositScreen {
    /// Where the trader is sent on to in place of the form.
    fn redirect<'c>(&self, cx: &DepositContext<'c>) -> Option<(&Redirects, Redirect<'c>)> {
        Some((self.redirects.as_ref()?, cx.config().deposit.redirect()?))
    }

    /// The empty form, for the currency of the account and with the deposits that are under way. To a program, who the trader
    /// is.
    async fn show_form(&self, cx: &mut DepositContext<'_>) -> Result<Answer, Failure> {
        if cx.request.prefers_json() {
            return cx.opened();
        }
        let deadline = cx.request.deadline.min(Instant::now() + LOOK_UP);
        let (currency, open) = tokio::join!(
            self.account_currency(cx, deadline),
            timeout_at(deadline, self.open_deposits(cx))
        );
        // The one-time token is spent: the form opens all the same, and what is missing is asked for again with the submit.
        let mut details = Vec::new();
        match currency {
            Ok(currency) => cx.state().currency = Some(currency),
            Err(failure) => details.extend(failure.detail),
        }
        let open = match open {
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
        let form = form::form(cx, &Fields::default());
        let answer = form::show(cx, &form, &open, 200, "OK")?;
        Ok(Answer {
            detail: (!details.is_empty()).then(|| details.join("; ")),
            ..answer
        })
    }

    async fn open_deposits(&self, cx: &DepositContext<'_>) -> Result<Vec<Deposit>, TableError> {
        match cx.identity().trading_login() {
            Some(login) => self.table.open_of_account(cx.broker_name().as_str(), login).await,
            None => Ok(Vec::new()),
        }
    }

    /// What the account is kept in. Asks cTrader, unless the session knows.
    async fn account_currency(
        &self,
        cx: &DepositContext<'_>,
        deadline: Instant,
    ) -> Result<AccountCurrency, Failure> {
        if let Some(known) = &cx.session.state.currency {
            return Ok(known.clone());
        }
        let (login, broker) = (login(cx)?, cx.broker_name());
        let asked = self
            .resolver
            .account_currency(login, broker, &*self.secrets, deadline);
        Ok(asked.await?)
    }

    /// Creates the deposit that the form asks for, once, and takes the trader to where it is paid.
    async fn create(&self, cx: &mut DepositContext<'_>, fields: &Fields) -> Result<Answer, Failure> {
        let currency = self.account_currency(cx, cx.request.deadline).await?;
        cx.state().currency = Some(currency);
        let mut form = form::form(cx, fields);
        form.fill(fields, cx.texts);
        if let Some(failure) = form.failure() {
            if cx.request.prefers_json() {
                return Err(failure);
            }
            return form::show(cx, &form, &[], failure.code.status(), failure.code.as_str());
        }
        let fields = form.record();
        let id = cx.session.state.form.request.clone();
        let deposit = new_deposit(cx, &id, &fields)?;
        let request = request_record(cx, id, fields);
        let held = cx.in_time(self.table.create(&deposit, &request)).await?;
        cx.state().form.recorded = true;
        let shown = if held.write_id == deposit.write_id {
            Shown::Now
        } else {
            Shown::Before
        };
        let json = cx.request.prefers_json();
        let answer = match cashier(cx, &held) {
            Some(cashier) if cashier.framed || json => {
                self.to_cashier(cx, &held, cashier, shown.code()).await?
            }
            _ if json => Answer::new(201, shown.code(), status::created(&held, None)),
            _ => status::show(cx, &held, shown)?,
        };
        Ok(Answer {
            reference: Some(held.id.reference()),
            ..answer
        })
    }

    /// The deposit that this session's form has made, as it stands; else the form.
    async fn show_own_deposit(&self, cx: &mut DepositContext<'_>) -> Result<Answer, Failure> {
        match cx.in_time(self.load(&cx.session.state.form.request)).await? {
            Some(deposit) => {
                cx.state().form.recorded = true;
                status::show(cx, &deposit, Shown::AsItStands)
            }
            None => self.show_form(cx).await,
        }
    }

    async fn load(&self, id: &RecordId) -> Result<Option<Deposit>, TableError> {
        let loaded = self.table.load(id).await;
        loaded.map_err(|error| TableError::Unavailable(error.0))
    }
}

/// The deposit that a form without problems asks for.
fn new_deposit(
    cx: &DepositContext<'_>,
    id: &RecordId,
    fields: &std::collections::BTreeMap<String, String>,
) -> Result<Deposit, Failure> {
    let get = |name| fields.get(name).map(String::as_str).unwrap_or_default();
    let method = cx.config().deposit.method(get("method"));
    let method = method.ok_or_else(|| Failure::invalid("method"))?;
    let amount: Decimal = get("amount").parse().map_err(|_| Failure::invalid("amount"))?;
    let order = Order {
        broker: cx.broker_name().to_string(),
        method: method.id.to_string(),
        login: login(cx)?,
        amount,
        currency: get("currency").to_owned(),
        at: Timestamp::now(),
        wait_seconds: u32::try_from(method.expires_after().as_secs()).unwrap_or(u32::MAX),
    };
    let write = RecordId::random()?;
    let request = PaymentRequest {
        attempt: &AttemptId::first(id.clone()),
        money: &Money::new(amount, get("currency").parse().map_err(Failure::internal)?),
        user: cx.identity().user_id,
        language: cx.texts.code(),
        return_url: &cx.absolute(&cx.subpath_url(id.as_str())),
        notification_url: &cx.absolute(&format!("/payments/{}/events", method.id)),
        secret: None,
        now: SystemTime::now(),
    };
    let start = payments::provider(method).start(&request);
    let status = match start.map_err(Failure::internal)? {
        Start::Assertion => Status::Created,
        // Nothing begins at a provider: the back office waits for the transfer.
        Start::Instructions => Status::Pending,
        Start::Call(_) => return Err(Failure::internal("no function calls payment providers yet")),
    };
    let (at, body) = (order.at, DepositBody::new(order));
    Ok(Deposit::new(
        id.clone(),
        status,
        body,
        at,
        write.as_str().to_owned(),
    ))
}

/// Heading of the screen.
fn title(cx: &DepositContext<'_>) -> String {
    cx.texts.get("deposit-title")
}

/// The trading account that is credited: cTrader's login, never the URL's.
fn login(cx: &DepositContext<'_>) -> Result<i64, Failure> {
    let login = cx.identity().trading_login();
    login.ok_or_else(|| Failure::new(Code::AccountMismatch))
}

/// Whether the session's trader has that account, at that broker.
fn owns(cx: &DepositContext<'_>, deposit: &Deposit) -> bool {
    let order = &deposit.order;
    *cx.broker_name() == *order.broker && cx.identity().trading_login() == Some(order.login)
}

/// Where the deposit can still be paid.
pub fn cashier<'c>(cx: &DepositContext<'c>, deposit: &Deposit) -> Option<Redirect<'c>> {
    let open = matches!(deposit.status, Status::Created | Status::Pending);
    let method = cx.config().deposit.method(&deposit.order.method);
    method.filter(|_| open)?.cashier()
}
