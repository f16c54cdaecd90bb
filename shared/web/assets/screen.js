// What all screens have in common. A screen's own script comes after this one and finds in `inapp` the session's field and a
// way to show the screen anew; there is no `inapp` on a page that is about to be left.
const inapp = (() => {
  const body = document.body, { action, state, token } = body.dataset, key = "inapp:" + action;

  // The session survives a reload without cookies: in the history entry, else in the tab's storage. Both can throw.
  const clean = () => {
    const url = new URL(location.href);
    url.searchParams.delete("token");
    return url.pathname + url.search;
  };
  const keep = (value) => {
    try { history.replaceState({ inapp: value }, "", clean()); } catch {}
    try { value ? sessionStorage.setItem(key, JSON.stringify(value)) : sessionStorage.removeItem(key); } catch {}
  };
  let mine;
  try { mine = history.state && history.state.inapp; } catch {}
  const kept = () => {
    if (mine) return mine;
    try { return JSON.parse(sessionStorage.getItem(key)); } catch {}
  };
  const post = (fields, url) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = url || clean();
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

  // The end: cTrader watches for the URL; whoever else frames us is told, if we know them.
  const ended = (result) => {
    const known = body.dataset.ancestors.split(" "), above = location.ancestorOrigins;
    const eventName = new URLSearchParams(location.search).get("eventName") || undefined;
    known.filter((origin) => origin && (!above || origin === above[0])).forEach((origin) => {
      parent.postMessage({ type: "inapp:callback", result, eventName }, origin);
    });
  };
  if (state === "success" || state === "failure") return ended(state);

  const restore = (value, url) => {
    keep(null);
    body.hidden = true;
    post({ session: value.session, ask: "restore" }, url);
  };

  const held = document.querySelector("input[name=session]");
  if (state === "screen" && held) {
    // A reload: another tab has replaced the cookie, and this is its screen and perhaps its account, not ours.
    if (mine && mine.token !== token) return restore(mine);
    keep({ session: held.value, token });
  } else if (state === "lost") {
    const value = kept();
    if (value && value.session && (!token || token === value.token)) return restore(value);
  }

  // Without a network the page stays; the way out, which cTrader watches for, stays open.
  const offline = (event) => {
    if (navigator.onLine) return false;
    const notice = document.getElementById("offline");
    event.preventDefault();
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
    return true;
  };
  addEventListener("click", (event) => event.target.closest('a[href=""]') && offline(event));

  // One press, one submit; the button says so.
  const buttons = new Map();
  addEventListener("submit", (event) => {
    const form = event.target, button = form.querySelector("[data-busy]");
    if (form.dataset.sent) return event.preventDefault();
    // What opens elsewhere leaves this page as it is.
    if (offline(event) || form.target) return;
    form.dataset.sent = "1";
    if (button) {
      buttons.set(button, button.textContent);
      // After the submit has begun: a disabled button would not send its own value.
      setTimeout(() => {
        button.disabled = true;
        button.textContent = button.dataset.busy;
      });
    }
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.forms) delete form.dataset.sent;
    for (const [button, text] of buttons) {
      button.disabled = false;
      button.textContent = text;
    }
  });

  // Of what is there when a page loads screen readers say nothing, but of what changes afterwards.
  const news = [...document.querySelectorAll("#status > h2, #status > p")].map((element) => element.textContent);
  setTimeout(() => (document.getElementById("announcement").textContent = news.join(". ")), 500);

  // A form that came back: on to what is to be corrected.
  const problem = document.querySelector(".problem");
  if (problem) problem.parentElement.querySelector("input, textarea").focus();

  return { held, restore };
})();
