//! The one edge between the outside and the rest: Lambda and HTTP in and out, settings, screens, error pages,
//! languages and telemetry.
//!
//! A function for one of cTrader's screens is a [`Screen`] handed to [`run_screen`]; everything that the screens have
//! in common happens in [`Screens`].

mod accept;
mod amount;
mod answer;
mod backends;
mod cashier;
mod failure;
mod fields;
mod form;
mod lambda;
mod locale;
mod page;
mod request;
mod screens;
mod secrets;
mod settings;
mod site;
mod telemetry;

pub use amount::{AmountError, Separators};
pub(crate) use answer::COOKIE;
pub use answer::{Answer, Content};
pub use cashier::{deposit_amount, deposit_stands, deposit_url};
pub use failure::{Code, Failure};
pub use fields::Fields;
pub use form::{AmountRule, Choice, Field, Form, Kind, Look};
pub use function::settings::BadSetting;
pub use lambda::{Handler, run};
pub use locale::{LANGUAGES, Locales, Texts};
pub use page::Page;
pub use request::Request;
pub use screens::{Screen, Screens, Visit, Wording, run_screen};
pub use settings::{Settings, assertion_keys};
pub use site::{Site, SiteError};
