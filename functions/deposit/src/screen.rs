//! The deposit screen: opens the form, creates a deposit, shows its status.

use std::{collections::BTreeMap, sync::Arc, time::SystemTime};

use config::{Config, Redirect};
use deposits::{Deposit, DepositBody, Order, Status, Store};
use domain::{Launch, Money, NoRandomness, ProvenLogin, RecordId, ScreenKind};
use http::Method as HttpMethod;
use jiff::Timestamp;
use payments::{AttemptId, PaymentRequest, Start};
use resolution::{Resolver, SessionError};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use store::{Table, TableError};
use tokio::time::{Duration, Instant, timeout_at};
use web::{
    AnonymousRequest, Ask, Assets, Code, Content, Failure, Fields, Form, FormState, PageTrigger, Redirects,
    Response, Screen, ScreenContext, ScreenState, Secrets, Setup, Sources, StartError, Submit, asset,
    request_record,
};

use crate::{
    account::{AccountTerms, is_settled},
    form, status,
};

/// How long the form waits for the account's currency and for open deposits. It opens without what did not arrive.
pub const LOOKUP_TIMEOUT: Duration = Duration::from_millis(1_500);

/// The deposit screen.
pub struct DepositScreen {
    pub table: Table,
    pub redirects: Option<Redirects>,
    pub resolver: Arc<Resolver>,
    pub secrets: Arc<Secrets>,
    sources: Sources,
}

/// The state of the deposit screen, which travels in the session.
#[derive(Serialize, Deserialize)]
pub struct DepositState {
    /// The deposit has the id of the form's request.
    #[serde(flatten)]
    pub form: FormState,
    /// The trading account, once cTrader has described it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountTerms>,
}

impl ScreenState for DepositState {
    fn new() -> Result<Self, NoRandomness> {
        Ok(Self {
            form: FormState::new()?,
            account: None,
        })
    }
}

/// The context of the deposit screen.
pub type DepositContext<'a> = ScreenContext<'a, DepositState>;

impl Screen for DepositScreen {
    const KIND: ScreenKind = ScreenKind::Deposit;
    type State = DepositState;
    const LOOKS_UP_ACCOUNT: bool = true;
    const ASSETS: Assets = Assets {
        style: asset!("../assets/deposit.css"),
        script: asset!("../assets/deposit.js"),
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
            sources: Redirects::sources(config, &pages),
        })
    }

    fn form_fields(_: &Config, _: &Launch) -> Vec<String> {
        form::NAMES.map(str::to_owned).into()
    }

    fn sources(&self) -> Sources {
        self.sources.clone()
    }

    async fn open(&self, cx: &mut DepositContext<'_>) -> Result<Response, Failure> {
        if let Some((redirects, redirect)) = self.redirect(cx) {
            if let Some(response) = self.settle_account(cx).await? {
                return Ok(response);
            }
            return redirects.open(cx, redirect, title(cx)).await;
        }
        if cx.session.state.form.recorded {
            self.show_own_deposit(cx).await
        } else {
            self.show_form(cx).await
        }
    }

    async fn submit(&self, cx: &mut DepositContext<'_>, submit: Submit) -> Result<Response, Failure> {
        if let Some((redirects, redirect)) = self.redirect(cx) {
            if let Some(response) = self.settle_account(cx).await? {
                return Ok(response);
            }
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

    /// `/inapp/deposit/{id}`. With a session of its trader, shows the deposit in full. Without one, shows only the
    /// status.
    ///
    /// Cashiers redirect traders here, with `GET` or by a form of their own.
    async fn subpath(&self, anonymous: AnonymousRequest<'_, Self>, path: &str) -> Result<Response, Failure> {
        let id: RecordId = path.parse().map_err(|_| Failure::new(Code::NotFound))?;
        let fields = anonymous.fields()?;
        let Some(deposit) = anonymous.within_deadline(self.load(&id)).await? else {
            return Err(Failure::new(Code::NotFound));
        };
        if anonymous.request.method == HttpMethod::HEAD {
            return Ok(Response::new(200, "OK", Content::Empty));
        }
        // A cashier's form may have fields of any name, so an unknown `ask` is no failure here.
        let ask = Ask::read(&fields).ok().flatten();
        let by_field = anonymous.by_field(&fields).await?;
        let sent_by_cashier =
            matches!(by_field, Err(SessionError::Absent | SessionError::Invalid)) && ask.is_none();
        // A session from the cookie may only show: other sites can forge such a request. Of their forms nothing counts.
        let may_go_on = by_field.is_ok() && ask == Some(Ask::GoOn);
        let trader = if sent_by_cashier {
            anonymous.by_cookie(None).await?
        } else {
            by_field.ok()
        };
        let Some(mut cx) = trader.filter(|cx| owns(cx, &deposit)) else {
            return status::show_bare(&anonymous, &deposit, sent_by_cashier);
        };
        match cashier(&cx, &deposit) {
            Some(cashier) if may_go_on => {
                self.redirect_to_cashier(&mut cx, &deposit, cashier, "REDIRECTED")
                    .await
            }
            _ => status::show(&mut cx, &deposit, PageTrigger::Visit),
        }
    }
}

impl DepositScreen {
    /// The broker's own page in place of the form.
    fn redirect<'c>(&self, cx: &DepositContext<'c>) -> Option<(&Redirects, Redirect<'c>)> {
        Some((self.redirects.as_ref()?, cx.config().deposit.redirect()?))
    }

    /// The empty form, for the currency of the account, with the account's open deposits. A program gets the
    /// trader's identity as JSON.
    async fn show_form(&self, cx: &mut DepositContext<'_>) -> Result<Response, Failure> {
        let json = cx.request.prefers_json();
        if json && is_settled(cx) {
            return cx.opened_response();
        }
        let deadline = cx.request.deadline.min(Instant::now() + LOOKUP_TIMEOUT);
        let known_login = cx.login();
        let (account, open_deposits) = tokio::join!(
            self.account(cx, deadline),
            self.open_deposits(cx, known_login, deadline)
        );
        // The form opens even if a lookup failed for now, because the one-time token is spent. The submit asks for the
        // account again.
        let mut details = Vec::new();
        match account {
            Ok(account) => account.keep(cx),
            Err(failure) if failure.code.is_retryable() => details.extend(failure.detail),
            Err(failure) => return Err(failure),
        }
        if json {
            let response = cx.opened_response()?;
            return Ok(with_details(response, &details));
        }
        let open_deposits = if known_login.is_none() && cx.login().is_some() {
            self.open_deposits(cx, cx.login(), deadline).await
        } else {
            open_deposits
        };
        let open_deposits = open_deposits.unwrap_or_else(|problem| {
            details.push(problem);
            Vec::new()
        });
        let form = form::form(cx, &Fields::default());
        let response = form::show(cx, &form, &open_deposits, 200, "OK")?;
        Ok(with_details(response, &details))
    }

    /// The open deposits of the account. None as long as no account is proven to be the trader's.
    async fn open_deposits(
        &self,
        cx: &DepositContext<'_>,
        login: Option<ProvenLogin>,
        deadline: Instant,
    ) -> Result<Vec<Deposit>, String> {
        let Some(login) = login else {
            return Ok(Vec::new());
        };
        let limit = cx.config().deposit.open_per_account;
        let listing = self.table.open_of_account(cx.broker_name(), login, limit);
        match timeout_at(deadline, listing).await {
            Ok(listed) => listed.map_err(|error| error.to_string()),
            Err(_) => Err("the open deposits were not listed in time".into()),
        }
    }

    /// Creates the deposit of a submitted form, once, and redirects the trader to the cashier or shows how to
    /// transfer.
    async fn create(&self, cx: &mut DepositContext<'_>, fields: &Fields) -> Result<Response, Failure> {
        let account = self.account(cx, cx.request.deadline).await?;
        account.keep(cx);
        let mut form = form::form(cx, fields);
        form.fill(fields, cx.texts);
        if let Some(failure) = form.failure() {
            if cx.request.prefers_json() {
                return Err(failure);
            }
            return form::show(cx, &form, &[], failure.code.status(), failure.code.as_str());
        }
        let checked_fields = form.record();
        let id = cx.session.state.form.request.clone();
        let deposit = new_deposit(cx, &id, &checked_fields)?;
        let request = request_record(cx, id, checked_fields);
        // An earlier submit of the same form may have created the deposit. The table returns that one then.
        let created = cx.within_deadline(self.table.create(&deposit, &request)).await;
        let stored = match created {
            Err(failure) if failure.code == Code::TooManyRequests && !cx.request.prefers_json() => {
                return self.refuse(cx, &form, failure).await;
            }
            created => created?,
        };
        cx.state().form.recorded = true;
        let trigger = if stored.write_id == deposit.write_id {
            PageTrigger::FirstSubmit
        } else {
            PageTrigger::RepeatedSubmit
        };
        let json = cx.request.prefers_json();
        let response = match cashier(cx, &stored) {
            Some(cashier) if cashier.framed || json => {
                self.redirect_to_cashier(cx, &stored, cashier, trigger.code())
                    .await?
            }
            _ if json => Response::new(201, trigger.code(), status::created_json(&stored, None)),
            _ => status::show(cx, &stored, trigger)?,
        };
        Ok(Response {
            reference: Some(stored.id.reference()),
            ..response
        })
    }

    /// The form with what the trader has entered, with the open deposits, and why no further one is taken.
    async fn refuse(
        &self,
        cx: &mut DepositContext<'_>,
        form: &Form,
        failure: Failure,
    ) -> Result<Response, Failure> {
        let listed = self.open_deposits(cx, cx.login(), cx.request.deadline).await;
        form::show_refused(cx, form, &listed.unwrap_or_default(), failure)
    }

    /// The status of the deposit that this session's form created. Without one, the form.
    async fn show_own_deposit(&self, cx: &mut DepositContext<'_>) -> Result<Response, Failure> {
        match cx
            .within_deadline(self.load(&cx.session.state.form.request))
            .await?
        {
            Some(deposit) => {
                cx.state().form.recorded = true;
                status::show(cx, &deposit, PageTrigger::Visit)
            }
            None => self.show_form(cx).await,
        }
    }

    async fn load(&self, id: &RecordId) -> Result<Option<Deposit>, TableError> {
        let loaded = self.table.load(id).await;
        loaded.map_err(|error| TableError::Unavailable(error.0))
    }
}

/// The deposit of a form without problems.
fn new_deposit(
    cx: &DepositContext<'_>,
    id: &RecordId,
    fields: &BTreeMap<String, String>,
) -> Result<Deposit, Failure> {
    let get = |name| fields.get(name).map(String::as_str).unwrap_or_default();
    let Some(payment_method) = cx.config().deposit.method(get("method")) else {
        return Err(Failure::invalid("method"));
    };
    let amount: Decimal = get("amount").parse().map_err(|_| Failure::invalid("amount"))?;
    let account = cx.session.state.account.as_ref();
    let account = account.ok_or_else(|| Failure::internal("the account was not looked up"))?;
    let order = Order {
        broker: cx.broker_name().clone(),
        method: payment_method.id.clone(),
        login: cx.login().ok_or_else(|| Failure::new(Code::AccountMismatch))?,
        money: Money::new(amount, get("currency").parse().map_err(Failure::internal)?),
        at: Timestamp::now(),
        wait_seconds: u32::try_from(payment_method.expires_after().as_secs()).unwrap_or(u32::MAX),
        account_digits: account.digits,
        unnamed_broker: account.unnamed_broker,
    };
    let write_id = RecordId::random()?;
    let request = PaymentRequest {
        attempt: &AttemptId::first(id.clone()),
        money: &order.money,
        user: cx.identity().user_id,
        language: cx.texts.code(),
        return_url: &cx.absolute_url(&cx.subpath_url(id.as_str())),
        notification_url: &cx.absolute_url(&format!("/payments/{}/events", payment_method.id)),
        secret: None,
        now: SystemTime::now(),
    };
    let start = payments::provider(payment_method).start(&request);
    let status = match start.map_err(Failure::internal)? {
        Start::Assertion => Status::Created,
        // There is no provider to call: the back office waits for the transfer.
        Start::Instructions => Status::Pending,
        // Refused before the deposit is recorded: nobody could pay it.
        Start::Call(_) => {
            let problem = format!(
                "payment method '{}' starts with a call to its provider",
                payment_method.id
            );
            return Err(Failure::internal(format!(
                "{problem}: this function calls no provider"
            )));
        }
    };
    let (at, body) = (order.at, DepositBody::new(order));
    Ok(Deposit::new(
        id.clone(),
        status,
        body,
        at,
        write_id.as_str().to_owned(),
    ))
}

fn with_details(response: Response, details: &[String]) -> Response {
    Response {
        detail: (!details.is_empty()).then(|| details.join("; ")),
        ..response
    }
}

/// The heading of the screen.
fn title(cx: &DepositContext<'_>) -> String {
    cx.texts.get("deposit-title")
}

/// Whether the deposit is for the account of the session's trader, at the same broker.
fn owns(cx: &DepositContext<'_>, deposit: &Deposit) -> bool {
    let order = &deposit.order;
    *cx.broker_name() == order.broker && cx.login() == Some(order.login)
}

/// The cashier, if the deposit can still be paid there.
pub fn cashier<'c>(cx: &DepositContext<'c>, deposit: &Deposit) -> Option<Redirect<'c>> {
    match deposit.status {
        Status::Created | Status::Pending => cx
            .config()
            .deposit
            .method(deposit.order.method.as_str())?
            .cashier(),
        _ => None,
    }
}
