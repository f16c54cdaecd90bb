// The deposit screen: waits for the deposit to change, says times in the trader's own, and puts the amount on the button.
inapp && (() => {
  // Where a deposit stands: asked for until it changes, then shown anew.
  const { held } = inapp, status = document.getElementById("status"), poll = status && status.dataset.poll;
  if (poll !== undefined && poll !== null) {
    let wait = 2000, timer;
    const look = async () => {
      clearTimeout(timer);
      try {
        const answer = await fetch(poll || location.href, { headers: { accept: "application/json" }, cache: "no-store" });
        if (answer.ok && (await answer.json()).status !== status.dataset.status) {
          return held ? inapp.restore({ session: held.value }, poll) : location.reload();
        }
      } catch {}
      wait = Math.min(wait * 1.2, 15000);
      timer = setTimeout(look, wait);
    };
    timer = setTimeout(look, wait);
    document.addEventListener("visibilitychange", () => document.hidden || look());
  }

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
