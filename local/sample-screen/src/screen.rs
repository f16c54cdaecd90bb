//! The screen.

use askama::Template;
use domain::{NoRandomness, RecordId, ScreenKind};
use serde::{Deserialize, Serialize};
use web::{
    Answer, Assets, Code, Context, Failure, Screen, ScreenPage, ScreenState, Setup, Sources, StartError,
    Submit, Visitor,
};

/// Where photos are sent. A real screen reads the name of its bucket from a setting.
const BUCKET: &str = "https://photos.s3.eu-west-1.amazonaws.com";

/// Whose page is shown in the frame.
const WIDGET: &str = "https://widget.example";

/// The screen, with what it needs: here the addresses, in a real one a client.
pub struct PhotoScreen {
    bucket: &'static str,
    widget: &'static str,
}

/// What the screen remembers: the photos that the browser was given an address for.
#[derive(Serialize, Deserialize)]
pub struct PhotoState {
    sent: Vec<RecordId>,
}

impl ScreenState for PhotoState {
    fn new() -> Result<Self, NoRandomness> {
        Ok(Self { sent: Vec::new() })
    }
}

impl Screen for PhotoScreen {
    const KIND: ScreenKind = ScreenKind::Support;
    type State = PhotoState;
    const ASSETS: Assets = Assets {
        style: include_str!("../assets/photo.css"),
        script: include_str!("../assets/photo.js"),
    };

    async fn start(_: &Setup) -> Result<Self, StartError> {
        Ok(Self {
            bucket: BUCKET,
            widget: WIDGET,
        })
    }

    fn sources(&self) -> Sources {
        Sources {
            connect: vec!["'self'".into(), self.bucket.into()],
            frame: vec![self.widget.into()],
            ..Sources::default()
        }
    }

    async fn open(&self, cx: &mut Context<'_, PhotoState>) -> Result<Answer, Failure> {
        let photos = cx.session.state.sent.len();
        let page = cx.page("Photo".into())?;
        let html = PhotoPage {
            page: &page,
            photos,
            widget: self.widget,
        }
        .render();
        page.answer(200, "OK", html)
    }

    async fn submit(&self, cx: &mut Context<'_, PhotoState>, submit: Submit) -> Result<Answer, Failure> {
        if matches!(submit, Submit::StartOver) {
            cx.state().sent.clear();
        }
        self.open(cx).await
    }

    /// `POST /inapp/chat/photos`: where to send a photo to, and the session that remembers it.
    async fn subpath(&self, visitor: Visitor<'_, Self>, path: &str) -> Result<Answer, Failure> {
        if path != "photos" {
            return Err(Failure::new(Code::NotFound));
        }
        let fields = visitor.fields()?;
        let mut cx = visitor.by_field(&fields).await??;
        let photo = RecordId::random()?;
        let url = format!("{}/incoming/{photo}", self.bucket);
        cx.state().sent.push(photo);
        #[derive(Serialize)]
        struct Upload {
            url: String,
        }
        Ok(Answer::new(200, "OK", cx.json(&Upload { url })?))
    }
}

#[derive(Template)]
#[template(path = "photo.html")]
struct PhotoPage<'a> {
    page: &'a ScreenPage,
    photos: usize,
    widget: &'a str,
}
