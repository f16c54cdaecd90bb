//! A page of a screen, for a known trader.

use std::ops::Deref;

use domain::ProvenLogin;

use crate::{Failure, Page, Response, SessionCookie, response::ALLOW};

/// A page of a screen, for its template: the shell, and what the page of a known trader has besides.
pub struct ScreenPage {
    pub(crate) page: Page,
    /// The renewed session, for the hidden field `session` of each form.
    pub session: String,
    /// The trading account that the screen is about. Absent as long as none is proven to be the trader's.
    pub account: Option<ProvenLogin>,
    /// The trader's e-mail address.
    pub email: Option<String>,
    /// What the trader has to know before the form is filled in, or why it was not taken.
    pub notice: Option<String>,
}

impl Deref for ScreenPage {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

impl ScreenPage {
    /// The response with the rendered page. The cookie carries the session.
    ///
    /// # Errors
    /// [`Code::InternalError`](crate::Code::InternalError) if the template failed.
    pub fn into_response(
        self,
        status: u16,
        code: &'static str,
        html: askama::Result<String>,
    ) -> Result<Response, Failure> {
        Ok(Response {
            cookie: Some(SessionCookie::Set(self.session)),
            ..Response::new(status, code, self.page.content(html)?)
        })
    }

    /// The response with the rendered page, which says why the submit was refused. The cookie carries the session.
    ///
    /// # Errors
    /// As [`ScreenPage::into_response`].
    pub fn into_refusal(self, failure: Failure, html: askama::Result<String>) -> Result<Response, Failure> {
        Ok(Response {
            cookie: Some(SessionCookie::Set(self.session)),
            content: self.page.content(html)?,
            ..Response::failed(failure, ALLOW)
        })
    }
}
