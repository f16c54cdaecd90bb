// The script of every page. The script of a screen follows and can use `inapp`:
//   inapp.sessionField  the hidden input `session`, or null on a page without a session
//   inapp.restore({ session }, url)  shows the screen again with this session
//   inapp.longestAnswer  milliseconds
// `inapp` is undefined on a page that is being left.
//
// Comments and indentation are not sent to the trader: asset! in src/assets.rs drops them. So a comment stands on
// its own lines, and a text in backticks ends on its line.
const inapp = (() => {
  const body = document.body, { action, state, token } = body.dataset, key = "inapp:" + action;
  const minute = 60000;
  // The longest time to an answer: a function starts within 10 s and ends after 6 (template.yaml).
  const longestAnswer = 16000;

  // Without cookies, the session survives a reload in the history entry, else in the tab's storage. Access to
  // either can throw.
  const urlWithoutToken = () => {
    const url = new URL(location.href);
    url.searchParams.delete("token");
    return url.pathname + url.search;
  };
  const store = (value) => {
    // A frame without an origin loses the state on a reload, so its entry stays as it is: the cookie serves a URL with the
    // spent token, and the page after a submit is submitted again. In Safari, such a frame keeps the state, has no cookie,
    // and submits nothing again.
    try { self.origin === "null" && !navigator.vendor.startsWith("Apple") || history.replaceState({ inapp: value }, "", urlWithoutToken()); } catch {}
    try { value ? sessionStorage.setItem(key, JSON.stringify(value)) : sessionStorage.removeItem(key); } catch {}
  };
  let inHistory;
  try { inHistory = history.state && history.state.inapp; } catch {}
  const inTab = () => {
    try { return JSON.parse(sessionStorage.getItem(key)); } catch {}
  };
  const post = (fields, url) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = url || urlWithoutToken();
    for (const name in fields) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = fields[name];
      form.append(input);
    }
    body.append(form);
    form.submit();
  };

  // The end of the screen. cTrader notices the URL. Other pages that frame the screen get a message, if broker.toml
  // lists them.
  const notifyParent = (result) => {
    const listed = body.dataset.ancestors.split(" "), ancestors = location.ancestorOrigins;
    const eventName = new URLSearchParams(location.search).get("eventName") || undefined;
    listed.filter((origin) => origin && (!ancestors || origin === ancestors[0])).forEach((origin) => {
      parent.postMessage({ type: "inapp:callback", result, eventName }, origin);
    });
  };
  if (state === "success" || state === "failure") {
    // Whoever uses this tab next is not shown the session of a screen that has ended.
    try { Object.keys(sessionStorage).filter((key) => key.startsWith("inapp:")).forEach((key) => sessionStorage.removeItem(key)); } catch {}
    return notifyParent(state);
  }

  // The session stays stored until the next page has stored its own: this page comes back if that one never comes.
  const restore = (value, url) => {
    body.hidden = true;
    setTimeout(() => (body.hidden = false), longestAnswer);
    post({ session: value.session, ask: "restore" }, url);
  };

  const sessionField = document.querySelector("input[name=session]");
  let sessionEnds = Date.now() + 15 * minute;

  // While the trader sees the screen, its session is renewed. A warning comes two minutes before it ends.
  const keepSession = () => {
    const keep = async () => {
      if (!document.hidden && sessionEnds - Date.now() < 10 * minute) {
        try {
          const response = await fetch("/inapp/" + action + "/session", {
            method: "POST",
            headers: { accept: "application/json" },
            body: new URLSearchParams({ session: sessionField.value }),
            credentials: "omit",
            signal: AbortSignal.timeout && AbortSignal.timeout(longestAnswer),
          });
          if (response.ok) {
            const { session, expiresIn } = await response.json();
            document.querySelectorAll("input[name=session]").forEach((input) => (input.value = session));
            sessionEnds = Date.now() + expiresIn * 1000;
            store({ session, token });
          }
        } catch {}
      }
      document.getElementById("ending").hidden = sessionEnds - Date.now() > 2 * minute;
    };
    setInterval(keep, minute);
    document.addEventListener("visibilitychange", keep);
  };

  // What somebody sent with a session that had ended is filled in when the same trader opens the screen again in this
  // tab.
  const keepEntries = () => {
    const who = document.querySelector("form .who"), form = who && who.parentElement, entriesKey = key + ":entries";
    let kept;
    try {
      kept = JSON.parse(sessionStorage.getItem(entriesKey));
      sessionStorage.removeItem(entriesKey);
    } catch {}
    if (!form) return;
    const of = who.textContent + form.action;
    if (kept && kept.of === of && !document.querySelector(".problem")) {
      kept.entries.forEach(([name, value]) => {
        const input = form.elements[name];
        if (input && input.type !== "hidden") input.value = value;
      });
    }
    addEventListener("pagehide", () => {
      if (!form.dataset.sent && Date.now() < sessionEnds) return;
      const entries = [...new FormData(form)].filter(([name]) => name !== "session");
      try { sessionStorage.setItem(entriesKey, JSON.stringify({ of, entries })); } catch {}
    });
  };

  if (state === "screen" && sessionField) {
    // This tab was reloaded after another tab had replaced the cookie, so the page shows the other tab's screen and
    // account.
    if (inHistory && inHistory.token !== token) return restore(inHistory);
    store({ session: sessionField.value, token });
    keepSession();
    keepEntries();
  } else if (state === "lost" || state === "returned") {
    // Without a token, the URL may be opened by somebody else in this tab, who has not this entry of the history.
    const value = inHistory || ((token || state === "returned") && inTab());
    if (value && value.session && (!token || token === value.token)) return restore(value);
  }

  // Without a network, submits and reloads are stopped once and the page stays: some embedded browsers are offline by
  // mistake. Links that leave the screen work.
  const notice = document.getElementById("offline");
  const offline = (event) => {
    if (navigator.onLine) notice.hidden = true;
    if (navigator.onLine || !notice.hidden) return false;
    event.preventDefault();
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
    return true;
  };
  addEventListener("click", (event) => event.target.closest('a[href=""]') && offline(event));

  // Embedded browsers ignore new windows, and only a page in a frame needs them.
  if (parent === self) {
    document.querySelectorAll("form[target]").forEach((form) => form.removeAttribute("target"));
    document.querySelectorAll("[data-window]").forEach((element) => (element.hidden = true));
  }

  // A form is submitted once, and its button says that it is being sent.
  const buttons = new Map();
  const allowSubmits = () => {
    for (const form of document.forms) delete form.dataset.sent;
    for (const [button, text] of buttons) {
      button.disabled = false;
      button.textContent = text;
    }
  };
  addEventListener("submit", (event) => {
    const form = event.target, button = form.querySelector("[data-busy]");
    if (form.dataset.sent) return event.preventDefault();
    // A form that opens in another window does not leave this page.
    if (offline(event) || form.target) return;
    form.dataset.sent = "1";
    // No answer came, and the browser stays here. The server records a form once.
    setTimeout(allowSubmits, longestAnswer);
    if (button) {
      buttons.set(button, button.textContent);
      // Only after the submit has begun, because a disabled button does not send its value.
      setTimeout(() => {
        button.disabled = true;
        button.textContent = button.dataset.busy;
      });
    }
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    body.hidden = false;
    allowSubmits();
  });

  // Screen readers announce a change of a status element, but not its content at page load. So the content follows
  // later.
  const announcement = [...document.querySelectorAll("#status > h2, #status > p")].map((element) => element.textContent);
  setTimeout(() => (document.getElementById("announcement").textContent = announcement.join(". ")), 500);

  // A form with problems: the focus goes to the first field to correct.
  const problem = document.querySelector(".problem");
  if (problem) problem.parentElement.querySelector("input, textarea").focus();

  return { sessionField, restore, longestAnswer };
})();
