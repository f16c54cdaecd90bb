//! The page that says where a deposit stands.

use askama::Template;
use config::{Method, Redirect};
use deposits::{Deposit, Status};
use domain::{BrokerName, RecordId};
use jiff::Timestamp;
use serde::Serialize;
use web::{Answer, Ask, Content, Failure, Icon, Page, ScreenPage, Shown, Texts, Visitor};

use crate::screen::{DepositContext, DepositScreen, cashier};

/// Where the deposit stands, in full.
pub fn show(cx: &mut DepositContext<'_>, deposit: &Deposit, shown: Shown) -> Result<Answer, Failure> {
    let order = &deposit.order;
    if cx.request.prefers_json() {
        let content = Content::json(&DepositJson {
            id: &deposit.id,
            status: deposit.status,
            amount: Some(order.amount.to_string()),
            currency: Some(&order.currency),
            account: Some(order.login),
        });
        return Ok(Answer::new(200, shown.code(), content));
    }
    let texts = cx.texts;
    let method = cx.config().deposit.method(&order.method);
    let view = DepositView::new(deposit, method);
    let transfer = method.and_then(Method::bank_transfer);
    let text = match (view, transfer) {
        (DepositView::Transfer, Some(transfer)) => cx.text(&transfer.instructions).to_owned(),
        _ => texts.get(&view.key("text")),
    };
    let details: Vec<(String, String)> = method
        .filter(|_| view == DepositView::Transfer)
        .into_iter()
        .flat_map(|method| method.details(&order.broker, &order.currency))
        .map(|detail| {
            let label = cx.text(&detail.label).to_owned();
            (label, detail.value.clone())
        })
        .collect();
    let (exit, exit_label) = exit(cx.config(), view);
    let status_url = cx.subpath_url(deposit.id.as_str());
    let page = cx.page(texts.get("deposit-title"))?;
    let html = StatusPage {
        page: &page,
        head: StatusHead::new(deposit, view, Some(status_url.clone())),
        view,
        title: texts.get(&view.key("title")),
        text,
        amount: amount(deposit, texts),
        method: method.map(|method| cx.text(&method.label)),
        details: &details,
        again: shown == Shown::Before,
        reference: &deposit.id.reference(),
        cashier: cashier(cx, deposit),
        status_url: &status_url,
        since: order.at,
        exit: &exit,
        exit_label,
    }
    .render();
    page.answer(200, shown.code(), html)
}

/// Where the deposit stands, to somebody who knows only its id. With `restore` the page looks in the browser for a session
/// that a blocked cookie did not bring.
pub fn show_bare(
    visitor: &Visitor<'_, DepositScreen>,
    deposit: &Deposit,
    restore: bool,
) -> Result<Answer, Failure> {
    if visitor.request.prefers_json() {
        let content = Content::json(&DepositJson {
            id: &deposit.id,
            status: deposit.status,
            amount: None,
            currency: None,
            account: None,
        });
        return Ok(Answer::new(200, "OK", content));
    }
    let method = visitor.config().deposit.method(&deposit.order.method);
    let actual = DepositView::new(deposit, method);
    // What to transfer where is for the trader only.
    let view = if actual == DepositView::Transfer {
        DepositView::Pending
    } else {
        actual
    };
    let broker = BrokerName::from(deposit.order.broker.as_str());
    let page = visitor.page(&broker, "deposit-title", restore)?;
    let (exit, exit_label) = exit(visitor.config(), view);
    let html = BareStatusPage {
        page: &page,
        exit: &exit,
        exit_label,
        head: StatusHead::new(deposit, view, None),
        view,
        title: page.texts.get(&view.key("title")),
        text: page.texts.get(&view.key("text")),
    }
    .render();
    Ok(Answer::new(200, "OK", page.content(html)?))
}

/// Where the last button leads, and what it says.
fn exit(config: &config::Config, view: DepositView) -> (String, &'static str) {
    match view {
        DepositView::Credited => {
            let event_name = config.deposit.event_name.as_ref();
            let event_name = event_name.map(|name| name.as_str());
            (web::success_url(config, event_name), "done")
        }
        view if view.is_over() => (config.failure_url.to_string(), "close"),
        DepositView::Transfer => (web::success_url(config, None), "done"),
        _ => (web::success_url(config, None), "close"),
    }
}

/// In a few words, where a deposit of that trader stands.
pub fn in_words(cx: &DepositContext<'_>, deposit: &Deposit) -> String {
    let method = cx.config().deposit.method(&deposit.order.method);
    cx.texts.get(&DepositView::new(deposit, method).key("title"))
}

/// The amount as the language writes it, with its currency.
pub fn amount(deposit: &Deposit, texts: Texts) -> String {
    let order = &deposit.order;
    web::money(order.amount, order.amount.scale(), &order.currency, texts)
}

/// Where a deposit stands, as the trader sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DepositView {
    /// The trader has not paid.
    Created,
    /// The trader is to make a transfer.
    Transfer,
    /// The provider is processing the payment.
    Pending,
    /// Paid, and being credited.
    Paid,
    Credited,
    Failed,
    Expired,
    /// An operator looks at it.
    Checking,
}

impl DepositView {
    fn new(deposit: &Deposit, method: Option<&Method>) -> Self {
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

    fn icon(self) -> Icon {
        match self {
            Self::Credited => Icon::Done,
            Self::Failed | Self::Expired => Icon::Problem,
            _ => Icon::Waiting,
        }
    }

    /// Whether paying is what the trader is to do next. Once the provider processes a payment, a second one might follow.
    fn is_to_be_paid(self) -> bool {
        self == Self::Created
    }

    /// Whether the trader may want to start over.
    fn is_over(self) -> bool {
        matches!(self, Self::Failed | Self::Expired)
    }

    /// Whether the trader has done their part, and may want to make another deposit.
    fn may_be_followed(self) -> bool {
        matches!(self, Self::Transfer | Self::Credited)
    }

    /// Whether nothing more is waited for.
    fn is_end(self) -> bool {
        self == Self::Credited || self.is_over()
    }

    /// Whether it can change without the trader: a payment may come after a declined one, or late.
    fn can_change(self) -> bool {
        self != Self::Credited
    }
}

/// What the page's script needs to see a change.
struct StatusHead<'a> {
    status: Status,
    /// Where to ask: the deposit's own URL, or nothing if the page is at it.
    poll: Option<String>,
    /// The deposit's id.
    id: &'a RecordId,
}

impl<'a> StatusHead<'a> {
    fn new(deposit: &'a Deposit, view: DepositView, path: Option<String>) -> Self {
        Self {
            status: deposit.status,
            poll: view.can_change().then(|| path.unwrap_or_default()),
            id: &deposit.id,
        }
    }
}

/// A deposit, to its trader.
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
    since: Timestamp,
    exit: &'a str,
    exit_label: &'static str,
}

/// A deposit, to whoever has its id.
#[derive(Template)]
#[template(path = "status_bare.html")]
struct BareStatusPage<'a> {
    page: &'a Page,
    exit: &'a str,
    exit_label: &'static str,
    head: StatusHead<'a>,
    view: DepositView,
    title: String,
    text: String,
}

/// The answer, in JSON, to a submit that made a deposit.
pub fn created(deposit: &Deposit, redirect: Option<String>) -> Content {
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

/// JSON of a deposit: in full, or only its status.
#[derive(Serialize)]
struct DepositJson<'a> {
    id: &'a RecordId,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<i64>,
}
