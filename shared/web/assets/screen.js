(() => {
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
    post({ session: value.session, restore: "1" }, url);
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

  // Where a deposit stands: asked for until it changes, then shown anew.
  const status = document.getElementById("status"), poll = status && status.dataset.poll;
  if (poll !== undefined && poll !== null) {
    let wait = 2000, timer;
    const look = async () => {
      clearTimeout(timer);
      try {
        const answer = await fetch(poll || location.href, { headers: { accept: "application/json" }, cache: "no-store" });
        if (answer.ok && (await answer.json()).status !== status.dataset.status) {
          return held ? restore({ session: held.value }, poll) : location.reload();
        }
      } catch {}
      wait = Math.min(wait * 1.2, 15000);
      timer = setTimeout(look, wait);
    };
    timer = setTimeout(look, wait);
    document.addEventListener("visibilitychange", () => document.hidden || look());
  }

  // Of what is there when a page loads screen readers say nothing, but of what changes afterwards.
  const news = [...document.querySelectorAll("#status > h2, #status > p")].map((element) => element.textContent);
  setTimeout(() => (document.getElementById("announcement").textContent = news.join(". ")), 500);

  // A form that came back: on to what is to be corrected.
  const problem = document.querySelector(".problem");
  if (problem) problem.parentElement.querySelector("input, textarea").focus();

  // The server does not know the trader's time zone.
  document.querySelectorAll("time").forEach((time) => {
    const locale = document.documentElement.lang + "-u-ca-gregory-nu-latn";
    const written = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
    time.textContent = written.format(new Date(time.dateTime));
  });

  // The amount on the button, presets, and what depends on the currency.
  const amount = document.querySelector("input[data-amount]"), label = document.querySelector("[data-label]");
  if (!amount) return;
  const currency = () => {
    const chosen = document.querySelector("[name=currency]:checked");
    return chosen ? chosen.value : amount.dataset.amount;
  };
  const idle = label && label.textContent;
  const show = () => {
    document.querySelectorAll("[data-currency]").forEach((element) => {
      element.classList.toggle("other", element.dataset.currency !== currency());
    });
    if (!label) return;
    // As the server reads and writes it: `amount.rs`.
    const { decimal, group, from } = amount.dataset;
    const typed = amount.value.trim().replace(/[٠-٩۰-۹०-९๐-๙０-９]/g, (c) => {
      return [..."٠۰०๐０"].map((zero) => c.charCodeAt() - zero.charCodeAt()).find((digit) => digit >= 0 && digit < 10);
    });
    const { decimals } = document.querySelector(`[data-currency="${currency()}"]`).dataset;
    const [, units, fraction = ""] = typed.replace(decimal, ".").replace(/[٫．]/, ".").match(/^0*(\d{1,15})(?:\.(\d+))?$/) || [];
    const doubtful = decimal !== "." && typed.includes(".") && fraction.length === 3;
    if (!units || doubtful || fraction.length > decimals) return (label.textContent = idle);
    const grouped = units.length < from ? units : units.replace(/\B(?=(\d{3})+$)/g, group);
    const written = grouped + (+decimals ? decimal + fraction.padEnd(decimals, "0") : "");
    label.textContent = label.dataset.label.replace("{}", written + "\u00a0" + currency());
  };
  document.querySelectorAll("button[data-preset]").forEach((chip) => {
    chip.addEventListener("click", () => {
      amount.value = chip.dataset.preset;
      show();
    });
  });
  addEventListener("input", show);
  addEventListener("pageshow", show);
  show();
})();
