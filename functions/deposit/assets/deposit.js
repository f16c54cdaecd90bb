// The script of the deposit screen: polls the status, shows times in the trader's time zone, writes the amount on
// the button.
inapp && (() => {
  // The status page polls until the status changes, then shows the new one. The pause grows from 2 to 15 seconds.
  // The session in the body identifies the trader, because a sandboxed frame may have no cookies and no origin.
  const { sessionField } = inapp, status = document.getElementById("status"), poll = status && status.dataset.poll;
  if (poll !== undefined && poll !== null) {
    let wait = 2000, timer;
    const check = async () => {
      clearTimeout(timer);
      wait = Math.min(wait * 1.2, 15000);
      try {
        const response = await fetch(poll || location.href, {
          method: "POST",
          headers: { accept: "application/json" },
          body: new URLSearchParams(sessionField ? { session: sessionField.value } : {}),
          credentials: "omit",
          cache: "no-store",
          signal: AbortSignal.timeout && AbortSignal.timeout(inapp.longestAnswer),
        });
        if (response.ok && (await response.json()).status !== status.dataset.status) {
          sessionField ? inapp.restore({ session: sessionField.value }, poll) : location.reload();
          // If the next page never comes, this one is seen again, and goes on later.
          wait = 2 * inapp.longestAnswer;
        }
      } catch {}
      timer = setTimeout(check, wait);
    };
    timer = setTimeout(check, wait);
    document.addEventListener("visibilitychange", () => document.hidden || check());
  }

  // The server does not know the trader's time zone.
  document.querySelectorAll("time").forEach((time) => {
    const locale = document.documentElement.lang + "-u-ca-gregory-nu-latn";
    const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
    time.textContent = format.format(new Date(time.dateTime));
    time.parentElement.classList.remove("utc");
  });

  // The amount on the button, the presets, and the limits of the chosen currency.
  const amount = document.querySelector("input[data-amount]"), label = document.querySelector("[data-label]");
  if (!amount) return;
  const currency = () => {
    const chosen = document.querySelector("[name=currency]:checked");
    return chosen ? chosen.value : amount.dataset.amount;
  };
  const labelWithoutAmount = label && label.textContent;
  const update = () => {
    document.querySelectorAll("[data-currency]").forEach((element) => {
      element.classList.toggle("other", element.dataset.currency !== currency());
    });
    if (!label) return;
    // The amount is read and written as on the server: shared/web/src/amount.rs.
    const { decimal, group, from } = amount.dataset;
    // An amount with separated thousands, and one that can be read in two ways, is left to the server.
    const typed = amount.value.trim().replace(/[٠-٩۰-۹०-९๐-๙０-９]/g, (c) => {
      return [..."٠۰०๐０"].map((zero) => c.charCodeAt() - zero.charCodeAt()).find((digit) => digit >= 0 && digit < 10);
    });
    const { decimals } = document.querySelector(`[data-currency="${currency()}"]`).dataset;
    const [, units, sign, fraction = ""] = typed.match(/^0*(\d{1,15})(?:([.,٫．])(\d+))?$/) || [];
    const ambiguous = fraction.length === 3 && sign !== "٫" && !(sign === decimal && decimals > 2);
    if (!units || ambiguous || fraction.length > decimals) return (label.textContent = labelWithoutAmount);
    const grouped = units.length < from ? units : units.replace(/\B(?=(\d{3})+$)/g, group);
    const formatted = grouped + (+decimals ? decimal + fraction.padEnd(decimals, "0") : "");
    label.textContent = label.dataset.label.replace("{}", formatted + "\u00a0" + currency());
  };
  document.querySelectorAll("button[data-preset]").forEach((chip) => {
    chip.addEventListener("click", () => {
      amount.value = chip.dataset.preset;
      update();
    });
  });
  addEventListener("input", update);
  addEventListener("pageshow", update);
  update();
})();
