//! The toolkit of the screens: HTTP and Lambda, sessions, forms, pages, error pages, languages, settings and
//! telemetry.
//!
//! The function of a screen implements [`Screen`] and calls [`run_screen`]. The toolkit redeems the token, keeps
//! the session and answers failures. It knows no particular screen. Two components are optional: [`RecordedForm`],
//! a form that is recorded once, and [`Redirects`], which sends traders to a page of the broker's own. A function
//! that is no screen implements [`Handler`] and calls [`run`].

mod accept;
mod amount;
mod anonymous_request;
mod assets;
mod code;
mod context;
mod event;
mod failure;
mod fields;
mod form;
mod form_state;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod guess_breaker;
mod lambda;
mod locale;
mod log_notes;
mod misconfiguration;
mod page;
mod recorded_form;
mod redirects;
mod request;
mod response;
mod screen;
mod screen_page;
mod secrets;
mod security_event;
mod service;
mod settings;
mod setup;
mod site;
mod sources;
mod telemetry;
mod toolkit;
mod urls;

pub use amount::{AmountError, Separators};
pub use anonymous_request::AnonymousRequest;
pub use assertion::Purpose;
pub use assets::Assets;
#[doc(hidden)]
pub use assets::{minified, minified_length};
pub use code::Code;
pub use context::ScreenContext;
pub use failure::Failure;
pub use fields::Fields;
pub use form::{AmountRule, Choice, ChoiceLayout, Field, Form, InputKind, money};
pub use form_state::{FormState, PageTrigger};
pub use function::settings::BadSetting;
pub use lambda::{Handler, run};
pub use locale::{LANGUAGES, Locales, Texts};
pub use misconfiguration::Misconfiguration;
pub use page::{Icon, Page, PageState};
pub use recorded_form::{
    FormContext, FormTexts, RecordedForm, RecordedFormScreen, request_record, run_recorded_form,
};
pub use redirects::Redirects;
pub use request::Request;
pub use response::{Content, Response, SessionCookie};
pub use screen::{ASK, Ask, Screen, ScreenState, StartError, Submit};
pub use screen_page::ScreenPage;
pub use secrets::Secrets;
pub use security_event::SecurityEvent;
pub use service::run_screen;
pub use settings::{Settings, assertion_keys};
pub use setup::Setup;
pub use site::{Site, SiteError};
pub use sources::Sources;
pub use urls::success_url;
