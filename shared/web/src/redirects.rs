//! Redirects traders to pages of the broker's own, with a signed assertion of who they are.

use std::{collections::BTreeSet, time::SystemTime};

use askama::Template;
use assertion::{Assertion, Purpose, Signer};
use config::{Config, PageUrl, Redirect};
use serde::Serialize;

use crate::{
    Ask, Code, Failure, Response, ScreenContext, ScreenState, Setup, Sources, StartError, Submit,
    page::LinkPage,
};

/// Redirects traders to pages of the broker's own, with a signed assertion of who they are.
pub struct Redirects {
    signer: Signer,
}

impl Redirects {
    /// `None` if there are no `pages` to redirect to: no assertion key is needed then.
    ///
    /// # Errors
    /// `ASSERTION_KEY_IDS` is missing or unusable.
    pub fn start(setup: &Setup, pages: &[Redirect<'_>]) -> Result<Option<Self>, StartError> {
        if pages.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            signer: setup.signer()?,
        }))
    }

    /// The origins that the forms of a screen may lead to if it redirects to `pages`: theirs, and the
    /// `onward_origins` of `broker.toml`.
    pub fn sources(config: &Config, pages: &[Redirect<'_>]) -> Sources {
        let mut origins: BTreeSet<String> = pages
            .iter()
            .flat_map(|redirect| redirect.pages())
            .map(|page| page.origin().to_owned())
            .collect();
        if !origins.is_empty() {
            origins.extend(config.onward_origins.iter().map(|origin| origin.to_string()));
        }
        Sources {
            form: origins.into_iter().collect(),
            ..Sources::default()
        }
    }

    /// Responds to a visit to a screen that redirects. Redirects at once if the broker's page can be framed, else
    /// shows a button that opens it. A program gets the trader's identity as JSON.
    ///
    /// # Errors
    /// The failure to respond with.
    pub async fn open<S: ScreenState>(
        &self,
        cx: &mut ScreenContext<'_, S>,
        redirect: Redirect<'_>,
        title: String,
    ) -> Result<Response, Failure> {
        if cx.request.prefers_json() {
            return cx.opened_response();
        }
        if redirect.framed {
            return self.redirect(cx, redirect).await;
        }
        let host = page_for_broker(cx, redirect)?.host();
        let page = cx.page(title)?;
        let html = LinkPage { page: &page, host }.render();
        page.into_response(200, "OK", html)
    }

    /// Responds to a `POST` to a screen that redirects. Such a screen has no form.
    ///
    /// # Errors
    /// The failure to respond with. [`Code::InvalidParameter`] if a program submits a form.
    pub async fn submit<S: ScreenState>(
        &self,
        cx: &mut ScreenContext<'_, S>,
        redirect: Redirect<'_>,
        title: String,
        submit: Submit,
    ) -> Result<Response, Failure> {
        let json = cx.request.prefers_json();
        match submit {
            Submit::GoOn if !json => self.redirect(cx, redirect).await,
            Submit::Form(_) | Submit::GoOn if json => Err(Failure {
                message: "There is nothing to submit: traders are sent on to the broker's own page".into(),
                ..Failure::new(Code::InvalidParameter)
            }),
            _ => self.open(cx, redirect, title).await,
        }
    }

    /// Redirects the trader with a new assertion. If it cannot be signed, the page carries the session and its
    /// button tries again with it, because the one-time token is spent.
    async fn redirect<S: ScreenState>(
        &self,
        cx: &mut ScreenContext<'_, S>,
        redirect: Redirect<'_>,
    ) -> Result<Response, Failure> {
        let page = page_for_broker(cx, redirect)?;
        match self.assertion::<_, ()>(cx, page, Purpose::Page).await {
            Ok(assertion) => cx.redirect("REDIRECTED", page.with_assertion(&assertion)),
            Err(failure) => {
                let ask = if redirect.framed { Ask::Restore } else { Ask::GoOn };
                cx.try_again(failure, ask)
            }
        }
    }

    /// A signed assertion of who the trader is, for this page.
    ///
    /// # Errors
    /// [`Code::ServiceUnavailable`] if KMS does not sign in time.
    pub async fn assertion<S: ScreenState, C: Serialize>(
        &self,
        cx: &ScreenContext<'_, S>,
        page: PageUrl<'_>,
        purpose: Purpose<'_, C>,
    ) -> Result<String, Failure> {
        let origin = cx.origin();
        let assertion = Assertion {
            issuer: &origin.ok_or_else(|| Failure::internal("the request names no domain"))?,
            audience: page.origin(),
            screen: cx.screen(),
            identity: cx.identity(),
            launch: cx.launch(),
            purpose,
        };
        let signature = self
            .signer
            .sign(&assertion, SystemTime::now(), cx.request.deadline);
        signature.await.map_err(Failure::unavailable)
    }
}

/// The page for the trader's broker.
fn page_for_broker<'c, S: ScreenState>(
    cx: &ScreenContext<'_, S>,
    redirect: Redirect<'c>,
) -> Result<PageUrl<'c>, Failure> {
    let page = redirect.page(cx.broker_name().as_str());
    page.ok_or_else(|| Failure::internal("broker.toml has no page for this broker"))
}
