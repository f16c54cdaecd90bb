//! Sends traders on to pages of the broker's own, with a signed assertion of who they are.

use std::{collections::BTreeSet, time::SystemTime};

use askama::Template;
use assertion::{Assertion, Signer};
use config::{Config, PageUrl, Redirect};
use serde::Serialize;

use crate::{
    Answer, Ask, Code, Context, Failure, ScreenState, Setup, Sources, StartError, Submit, page::LinkPage,
};

/// Signs what traders are sent on with.
pub struct Redirects(Signer);

impl Redirects {
    /// `None` where `broker.toml` sends nobody on to any of `pages`: then no key is needed.
    ///
    /// # Errors
    /// A setting that is missing or unusable.
    pub fn start(setup: &Setup, pages: &[Redirect<'_>]) -> Result<Option<Self>, StartError> {
        if pages.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self(setup.signer()?)))
    }

    /// Where the forms of a screen may end that sends traders on to `pages`: there, and where those go on to.
    pub fn sources(config: &Config, pages: &[Redirect<'_>]) -> Sources {
        let pages = pages.iter().flat_map(|redirect| redirect.pages());
        let mut origins: BTreeSet<_> = pages.map(|page| page.origin().to_owned()).collect();
        if !origins.is_empty() {
            let onward = config.onward_origins.iter();
            origins.extend(onward.map(|origin| origin.to_string()));
        }
        Sources {
            form: origins.into_iter().collect(),
            ..Sources::default()
        }
    }

    /// Answers a visit to a screen whose place a page of the broker's takes: the way there, at once where that page can be
    /// framed, else by a button. To a program, who the trader is.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn open<S: ScreenState>(
        &self,
        cx: &mut Context<'_, S>,
        redirect: Redirect<'_>,
        title: String,
    ) -> Result<Answer, Failure> {
        if cx.request.prefers_json() {
            return cx.opened();
        }
        if redirect.framed {
            return self.go(cx, redirect).await;
        }
        let host = page_of(cx, redirect)?.host();
        let page = cx.page(title)?;
        let html = LinkPage { page: &page, host }.render();
        page.answer(200, "OK", html)
    }

    /// Answers a `POST` to such a screen. There is no form of ours: all that can be asked for is the way on.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn submit<S: ScreenState>(
        &self,
        cx: &mut Context<'_, S>,
        redirect: Redirect<'_>,
        title: String,
        submit: Submit,
    ) -> Result<Answer, Failure> {
        let json = cx.request.prefers_json();
        match submit {
            Submit::GoOn if !json => self.go(cx, redirect).await,
            Submit::Form(_) | Submit::GoOn if json => Err(Failure {
                message: "There is nothing to submit: traders are sent on to the broker's own page".into(),
                ..Failure::new(Code::InvalidParameter)
            }),
            _ => self.open(cx, redirect, title).await,
        }
    }

    /// Sends the trader on, with a fresh assertion. If there is none to be had, the one-time token is spent all the same: the
    /// answer carries the session, and its button tries again with that.
    async fn go<S: ScreenState>(
        &self,
        cx: &mut Context<'_, S>,
        redirect: Redirect<'_>,
    ) -> Result<Answer, Failure> {
        let page = page_of(cx, redirect)?;
        match self.assertion::<_, ()>(cx, page, None).await {
            Ok(assertion) => cx.redirect("REDIRECTED", page.with_assertion(&assertion)),
            Err(failure) => {
                let again = if redirect.framed { Ask::Restore } else { Ask::GoOn };
                cx.try_again(failure, again)
            }
        }
    }

    /// A signed assertion of who the trader is, for that page, with further claims.
    ///
    /// # Errors
    /// [`Code::ServiceUnavailable`] where KMS does not sign in time.
    pub async fn assertion<S: ScreenState, C: Serialize>(
        &self,
        cx: &Context<'_, S>,
        page: PageUrl<'_>,
        claims: Option<&C>,
    ) -> Result<String, Failure> {
        let issuer = cx.origin();
        let assertion = Assertion {
            issuer: &issuer.ok_or_else(|| Failure::internal("the request names no domain"))?,
            audience: page.origin(),
            screen: cx.screen(),
            identity: cx.identity(),
            launch: cx.launch(),
            claims,
        };
        let signed = self.0.sign(&assertion, SystemTime::now(), cx.request.deadline);
        signed.await.map_err(Failure::unavailable)
    }
}

/// The page of the trader's broker.
fn page_of<'c, S: ScreenState>(cx: &Context<'_, S>, redirect: Redirect<'c>) -> Result<PageUrl<'c>, Failure> {
    let page = redirect.page(cx.broker_name().as_str());
    page.ok_or_else(|| Failure::internal("broker.toml has no page for this broker"))
}
