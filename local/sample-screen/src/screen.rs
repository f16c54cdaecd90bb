//! The screen: its state, its page and its upload path.

use askama::Template;
use domain::{NoRandomness, RecordId, ScreenKind};
use serde::{Deserialize, Serialize};
use web::{
    AnonymousRequest, Assets, Code, Failure, Response, Screen, ScreenContext, ScreenPage, ScreenState, Setup,
    Sources, StartError, Submit, asset,
};

/// Where the browser uploads photos. A real screen reads the name of its bucket from a setting.
const BUCKET: &str = "https://photos.s3.eu-west-1.amazonaws.com";

/// The origin of the framed page.
const WIDGET: &str = "https://widget.example";

/// The screen. A real one would have clients in place of these origins.
pub struct PhotoScreen {
    bucket: &'static str,
    widget: &'static str,
}

/// The state of the screen.
#[derive(Serialize, Deserialize)]
pub struct PhotoState {
    /// Ids of the photos for which the browser got an upload URL.
    photos: Vec<RecordId>,
}

impl ScreenState for PhotoState {
    fn new() -> Result<Self, NoRandomness> {
        Ok(Self { photos: Vec::new() })
    }
}

impl Screen for PhotoScreen {
    const KIND: ScreenKind = ScreenKind::Support;
    type State = PhotoState;
    const ASSETS: Assets = Assets {
        style: asset!("../assets/photo.css"),
        script: asset!("../assets/photo.js"),
    };

    async fn start(_: &Setup) -> Result<Self, StartError> {
        Ok(Self {
            bucket: BUCKET,
            widget: WIDGET,
        })
    }

    fn sources(&self) -> Sources {
        Sources {
            connect: vec![self.bucket.into()],
            frame: vec![self.widget.into()],
            ..Sources::default()
        }
    }

    async fn open(&self, cx: &mut ScreenContext<'_, PhotoState>) -> Result<Response, Failure> {
        let photos = cx.session.state.photos.len();
        let page = cx.page("Photo".into())?;
        let html = PhotoPage {
            page: &page,
            photos,
            widget: self.widget,
        }
        .render();
        page.into_response(200, "OK", html)
    }

    async fn submit(
        &self,
        cx: &mut ScreenContext<'_, PhotoState>,
        submit: Submit,
    ) -> Result<Response, Failure> {
        if matches!(submit, Submit::StartOver) {
            cx.state().photos.clear();
        }
        self.open(cx).await
    }

    /// `POST /inapp/chat/photos`: returns an upload URL for a photo, and the session with the photo's id.
    async fn subpath(&self, anonymous: AnonymousRequest<'_, Self>, path: &str) -> Result<Response, Failure> {
        if path != "photos" {
            return Err(Failure::new(Code::NotFound));
        }
        let fields = anonymous.fields()?;
        let mut cx = anonymous.known_by_field(&fields).await?;
        let photo = RecordId::random()?;
        let url = format!("{}/incoming/{photo}", self.bucket);
        cx.state().photos.push(photo);
        #[derive(Serialize)]
        struct Upload {
            url: String,
        }
        Ok(Response::new(200, "OK", cx.json(&Upload { url })?))
    }
}

#[derive(Template)]
#[template(path = "photo.html")]
struct PhotoPage<'a> {
    page: &'a ScreenPage,
    photos: usize,
    widget: &'a str,
}
