//! The one edge between the outside and the rest: Lambda and HTTP in and out, settings, screens, error pages,
//! languages and telemetry.
//!
//! A function for one of cTrader's screens is a [`Screen`] handed to [`run_screen`]. The toolkit redeems the token, keeps the
//! session and answers failures; it knows no screen. Two parts are for screens that want them: [`RecordedForm`], a form that
//! is recorded once, and [`Redirects`], which send the trader on to a page of the broker's.

mod accept;
mod amount;
mod answer;
mod context;
mod failure;
mod fields;
mod form;
mod form_state;
mod lambda;
mod locale;
mod page;
mod recorded_form;
mod redirects;
mod request;
mod screen;
mod secrets;
mod service;
mod settings;
mod setup;
mod site;
mod sources;
mod telemetry;

pub use amount::{AmountError, Separators};
pub(crate) use answer::COOKIE;
pub use answer::{Answer, Content};
pub use context::{Context, ScreenPage, Visitor, success_url};
pub use failure::{Code, Failure};
pub use fields::Fields;
pub use form::{AmountRule, Choice, Field, Form, Kind, Look, money};
pub use form_state::{FormState, Shown};
pub use function::settings::BadSetting;
pub use lambda::{Handler, run};
pub use locale::{LANGUAGES, Locales, Texts};
pub use page::{Icon, Page, PageState};
pub use recorded_form::{
    FormContext, FormTexts, RecordedForm, RecordedFormScreen, request_record, run_recorded_form,
};
pub use redirects::Redirects;
pub use request::Request;
pub use screen::{ASK, Ask, Assets, Screen, ScreenState, StartError, Submit};
pub use secrets::Secrets;
pub use service::run_screen;
pub use settings::{Settings, assertion_keys};
pub use setup::Setup;
pub use site::{Site, SiteError};
pub use sources::Sources;
