//! The status page of a deposit.

use askama::Template;
use config::{Config, PaymentMethod, Redirect};
use deposits::{Deposit, Status};
use domain::{ProvenLogin, RecordId};
use jiff::Timestamp;
use serde::Serialize;
use web::{AnonymousRequest, Ask, Content, Failure, Icon, Page, PageTrigger, Response, ScreenPage, Texts};

use crate::screen::{DepositContext, DepositScreen, cashier};

/// The full status of a deposit, for its trader.
pub fn show(
    cx: &mut DepositContext<'_>,
    deposit: &Deposit,
    trigger: PageTrigger,
) -> Result<Response, Failure> {
    let order = &deposit.order;
    if cx.request.prefers_json() {
        let content = Content::json(&DepositJson {
            id: &deposit.id,
            status: deposit.status,
            amount: Some(order.money.amount.to_string()),
            currency: Some(order.money.currency.as_str()),
            account: Some(order.login),
        });
        return Ok(Response::new(200, trigger.code(), content));
    }
    let texts = cx.texts;
    let method = cx.config().deposit.method(order.method.as_str());
    let view = DepositView::new(deposit, method);
    let transfer = method.and_then(PaymentMethod::bank_transfer);
    let text = match (view, transfer) {
        (DepositView::Transfer, Some(transfer)) => cx.text(&transfer.instructions).to_owned(),
        _ => texts.get(&view.key("text")),
    };
    let details: Vec<(String, String)> = method
        .filter(|_| view == DepositView::Transfer)
        .into_iter()
        .flat_map(|method| method.details(order.broker.as_str(), order.money.currency.as_str()))
        .map(|detail| {
            let label = cx.text(&detail.label).to_owned();
            (label, detail.value.clone())
        })
        .collect();
    let exit = ExitLink::new(cx.config(), view);
    let status_url = cx.subpath_url(deposit.id.as_str());
    let mut page = cx.page(texts.get("deposit-title"))?;
    page.account = Some(order.login);
    let html = StatusPage {
        page: &page,
        head: StatusHead::new(deposit, view, Some(status_url.clone())),
        view,
        title: texts.get(&view.key("title")),
        text,
        amount: amount(deposit, texts),
        method: method.map(|method| cx.text(&method.label)),
        details: &details,
        again: trigger == PageTrigger::RepeatedSubmit,
        reference: &deposit.id.reference(),
        cashier: cashier(cx, deposit),
        status_url: &status_url,
        created_at: order.at,
        exit,
    }
    .render();
    page.into_response(200, trigger.code(), html)
}

/// Only the status, for a client without a session of the deposit's trader. With `restore`, the page looks in the
/// browser for the session that a blocked cookie did not bring.
pub fn show_bare(
    anonymous: &AnonymousRequest<'_, DepositScreen>,
    deposit: &Deposit,
    restore: bool,
) -> Result<Response, Failure> {
    if anonymous.request.prefers_json() {
        let content = Content::json(&DepositJson {
            id: &deposit.id,
            status: deposit.status,
            amount: None,
            currency: None,
            account: None,
        });
        return Ok(Response::new(200, "OK", content));
    }
    let method = anonymous.config().deposit.method(deposit.order.method.as_str());
    let actual = DepositView::new(deposit, method);
    // Only the trader may see the details of the transfer.
    let view = if actual == DepositView::Transfer {
        DepositView::Pending
    } else {
        actual
    };
    let page = anonymous.page(&deposit.order.broker, "deposit-title", restore)?;
    let html = BareStatusPage {
        page: &page,
        exit: ExitLink::new(anonymous.config(), view),
        head: StatusHead::new(deposit, view, None),
        view,
        title: page.texts.get(&view.key("title")),
        text: page.texts.get(&view.key("text")),
    }
    .render();
    Ok(Response::new(200, "OK", page.content(html)?))
}

/// The button that leaves the screen.
struct ExitLink {
    url: String,
    /// Key of the text on the button, and its id.
    label: &'static str,
}

impl ExitLink {
    fn new(config: &Config, view: DepositView) -> Self {
        let (url, label) = match view {
            DepositView::Credited => {
                let event_name = config.deposit.event_name.as_ref().map(|name| name.as_str());
                (web::success_url(config, event_name), "done")
            }
            view if view.has_failed() => (config.failure_url.to_string(), "close"),
            DepositView::Transfer => (web::success_url(config, None), "done"),
            _ => (web::success_url(config, None), "close"),
        };
        Self { url, label }
    }
}

/// The status of a deposit in a few words.
pub fn status_title(cx: &DepositContext<'_>, deposit: &Deposit) -> String {
    let method = cx.config().deposit.method(deposit.order.method.as_str());
    cx.texts.get(&DepositView::new(deposit, method).key("title"))
}

/// The amount as the language writes it, with its currency.
pub fn amount(deposit: &Deposit, texts: Texts) -> String {
    let money = &deposit.order.money;
    web::money(money.amount, money.amount.scale(), money.currency.as_str(), texts)
}

/// The status of a deposit, as the trader sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DepositView {
    /// The trader has not paid yet.
    Created,
    /// The trader has to make a bank transfer.
    Transfer,
    /// The provider is processing the payment.
    Pending,
    /// Paid, not credited yet.
    Paid,
    Credited,
    Failed,
    Expired,
    /// Waits for an operator.
    Checking,
}

impl DepositView {
    fn new(deposit: &Deposit, method: Option<&PaymentMethod>) -> Self {
        let transfer = method.is_some_and(|method| method.bank_transfer().is_some());
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

    /// Key of a text about the status. `part` is `title` or `text`.
    fn key(self, part: &str) -> String {
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
        format!("deposit-{name}-{part}")
    }

    fn icon(self) -> Icon {
        match self {
            Self::Credited => Icon::Done,
            Self::Failed | Self::Expired => Icon::Problem,
            _ => Icon::Waiting,
        }
    }

    /// Whether payment is the trader's next step. Not while a provider processes a payment, to avoid a second one.
    fn awaits_payment(self) -> bool {
        self == Self::Created
    }

    /// Whether the trader may want to start over.
    fn has_failed(self) -> bool {
        matches!(self, Self::Failed | Self::Expired)
    }

    /// Whether the trader has nothing more to do for this deposit and may make another one.
    fn allows_new_deposit(self) -> bool {
        matches!(self, Self::Transfer | Self::Credited)
    }

    /// Whether no payment is awaited any more.
    fn is_final(self) -> bool {
        self == Self::Credited || self.has_failed()
    }

    /// Whether the status can change without the trader. A failed or expired deposit can: a payment may still
    /// arrive.
    fn can_change(self) -> bool {
        self != Self::Credited
    }
}

/// What the script needs to notice a change.
struct StatusHead<'a> {
    status: Status,
    /// The URL to poll. Empty for the URL of the page. `None` if the status cannot change.
    poll: Option<String>,
    id: &'a RecordId,
}

impl<'a> StatusHead<'a> {
    fn new(deposit: &'a Deposit, view: DepositView, url: Option<String>) -> Self {
        Self {
            status: deposit.status,
            poll: view.can_change().then(|| url.unwrap_or_default()),
            id: &deposit.id,
        }
    }
}

/// The status page for the deposit's trader.
#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage<'a> {
    page: &'a ScreenPage,
    head: StatusHead<'a>,
    view: DepositView,
    title: String,
    text: String,
    amount: String,
    method: Option<&'a str>,
    details: &'a [(String, String)],
    again: bool,
    reference: &'a str,
    cashier: Option<Redirect<'a>>,
    status_url: &'a str,
    created_at: Timestamp,
    exit: ExitLink,
}

/// The status page for a client that knows only the deposit's id.
#[derive(Template)]
#[template(path = "status_bare.html")]
struct BareStatusPage<'a> {
    page: &'a Page,
    exit: ExitLink,
    head: StatusHead<'a>,
    view: DepositView,
    title: String,
    text: String,
}

/// The JSON response to a submit that created a deposit. `redirect` is the URL of the cashier.
pub fn created_json(deposit: &Deposit, redirect: Option<String>) -> Content {
    #[derive(Serialize)]
    struct Created<'a> {
        id: &'a RecordId,
        status: Status,
        #[serde(skip_serializing_if = "Option::is_none")]
        redirect: Option<String>,
    }
    Content::json(&Created {
        id: &deposit.id,
        status: deposit.status,
        redirect,
    })
}

/// JSON of a deposit: all members for its trader, else only `id` and `status`.
#[derive(Serialize)]
struct DepositJson<'a> {
    id: &'a RecordId,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<ProvenLogin>,
}
