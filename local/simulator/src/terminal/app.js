// The terminal page: connects the parts, and keeps the choices.

import { load, save } from "./choices.js";
import { AccountPanel } from "./account_panel.js";
import { TOKEN_FAULTS, apply, optionOf } from "./faults.js";
import { Screen } from "./screen.js";
import { Timeline } from "./timeline.js";

/** An account that no simulated trader has, to show how a forged `account` is refused. */
const FOREIGN_ACCOUNT = "9999999";

/** `source` in the screen's URL, by device. */
const SOURCES = { desktop: "Web", phone: "Android", "phone-large": "iOS", tablet: "iOS" };

const byId = (id) => document.getElementById(id);
const choices = load();
document.documentElement.dataset.theme = choices.terminalTheme;

const state = await (await fetch("/sim/state")).json();
const accountPanel = new AccountPanel(choices, choose);
const screen = new Screen(state, report);
let backendFault = state.fault;

listUsers();
listActions();
wireControls();
showHint();
showRevision();
new Timeline(onEvent, onRestart);
document.body.dataset.ready = "true";

// The trader and the account

function listUsers() {
  const select = byId("user");
  for (const user of state.users) {
    select.append(new Option(`${user.name}, ${user.case}`, user.id));
  }
  select.value = state.users.some((user) => user.id === choices.user) ? choices.user : state.users[0].id;
  select.addEventListener("change", () => {
    choose({ user: select.value, account: null });
    listAccounts();
  });
  listAccounts();
}

function listAccounts() {
  const select = byId("account");
  const { accounts } = currentUser();
  select.replaceChildren(
    ...accounts.map(({ login, currency }) => new Option(`${login} ${currency}`, login)),
    ...(accounts.length ? [] : [new Option("None", "")]),
    new Option(`Someone else's (${FOREIGN_ACCOUNT})`, FOREIGN_ACCOUNT),
  );
  if (choices.account && [...select.options].some((option) => option.value === choices.account)) {
    select.value = choices.account;
  }
  showAccount();
}

function showAccount() {
  const user = currentUser();
  accountPanel.setAccount(user, user.accounts.find(({ login }) => String(login) === byId("account").value) ?? user.accounts[0]);
}

/** Shows a changed balance. A page that opens late gets old events again; their changes are in the state already. */
function changeBalance({ account: login, balanceHistoryId, balance, sentence }) {
  const account = state.users.flatMap((user) => user.accounts).find((each) => each.login === login);
  if (!account || account.history.some(({ id }) => id === balanceHistoryId)) return;
  account.history.push({ id: balanceHistoryId });
  const previous = account.balance;
  account.balance = Number(balance.replace(".", ""));
  accountPanel.balanceChanged(account, previous);
  byId("money").textContent = sentence;
}

/** The simulator was restarted, so all accounts have their initial balances. */
async function onRestart() {
  state.users = (await (await fetch("/sim/state")).json()).users;
  showAccount();
}

function currentUser() {
  return state.users.find((user) => user.id === byId("user").value);
}

// The actions

function listActions() {
  const kyc = byId("open-kyc");
  for (const type of state.actions) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: titleOf(type) });
    button.dataset.action = type;
    button.addEventListener("click", () => open("action", titleOf(type), button, type));
    kyc.before(button);
  }
  const wire = (id, action) => {
    const button = byId(id);
    button.addEventListener("click", () => open(action, button.textContent, button));
  };
  wire("open-deposit", "deposit");
  wire("open-kyc", "kyc");
  wire("open-chat", "chat");
}

/** `close-account` -> `Close account` */
function titleOf(type) {
  const words = type.replace(/[-_]+/g, " ");
  return words[0].toUpperCase() + words.slice(1);
}

async function open(action, title, opener, actionType = null) {
  choose({ tapped: true });
  showHint();
  screen.show({ title, opener, device: choices.device });
  // A token is valid for a minute, so it is made only when a function can redeem it.
  if (!(await screen.waitForFunctions())) return;
  const account = byId("account").value || null;
  await screen.open(action, {
    token: await mint(account),
    account: action === "deposit" || action === "action" ? account : null,
    actionType,
    lang: choices.lang,
    theme: choices.theme === "terminal" ? choices.terminalTheme : choices.theme,
    source: SOURCES[choices.device] ?? "Web",
  });
}

function showHint() {
  byId("actions").classList.toggle("first-run", !choices.tapped);
}

async function mint(account) {
  const fault = TOKEN_FAULTS[choices.tokenFault] ?? {};
  if (fault.token) return fault.token;
  const owned = account && account !== FOREIGN_ACCOUNT ? { account: Number(account) } : {};
  const answer = await post("/sim/tokens", { user: byId("user").value, ...owned, ...fault });
  return (await answer.json()).token;
}

// The choices

function wireControls() {
  for (const name of ["device", "lang", "theme"]) {
    const select = byId(name);
    select.value = choices[name];
    if (select.selectedIndex < 0) select.selectedIndex = 0;
    select.addEventListener("change", () => {
      choose({ [name]: select.value });
      if (name === "device") screen.setDevice(select.value);
    });
  }
  byId("account").addEventListener("change", () => {
    choose({ account: byId("account").value });
    showAccount();
  });
  byId("fault").addEventListener("change", () => chooseFault(byId("fault").value));
  byId("fault-clear").addEventListener("click", () => chooseFault(""));
  byId("terminal-theme").addEventListener("click", () => {
    const theme = choices.terminalTheme === "dark" ? "light" : "dark";
    choose({ terminalTheme: theme });
    document.documentElement.dataset.theme = theme;
    accountPanel.repaint();
  });
  showFault();
}

function choose(change) {
  Object.assign(choices, change);
  save(choices);
}

// Faults

async function chooseFault(option) {
  choose({ tokenFault: option in TOKEN_FAULTS ? option : "" });
  // Also for a fault of the token, which clears a fault of the backend: there is one fault at a time.
  await apply(option);
  showFault();
}

function showFault(sentence) {
  const option = choices.tokenFault || optionOf(backendFault);
  const select = byId("fault");
  const custom = select.querySelector("[value=custom]");
  custom.hidden = custom.disabled = option !== "custom";
  select.value = option;
  select.classList.toggle("active", option !== "");
  byId("fault-active").hidden = option === "";
  byId("healthy").hidden = option !== "";
  const chosen = select.selectedOptions[0];
  const text = option === "custom" && sentence ? sentence : `${chosen.parentElement.label ?? "cTrader"}: ${lower(chosen.text)}`;
  byId("fault-text").textContent = text;
}

function lower(text) {
  return text[0].toLowerCase() + text.slice(1);
}

// The timeline

function onEvent(entry) {
  if (entry.kind === "fault") {
    backendFault = entry.fault;
    showFault(entry.sentence);
  }
  if (entry.kind === "build") showBuild(entry.state);
  if (entry.kind === "balance_changed") changeBalance(entry);
}

function showBuild(build) {
  const node = byId("build");
  node.hidden = build === "done";
  node.className = build === "failed" ? "notice bad" : "notice";
  node.textContent = build === "failed" ? "Build failed" : "Building your change";
  screen.setBuild(build);
}

function showRevision() {
  byId("revision").textContent = `revision ${state.revision}`;
  byId("revision").title = "The redemption call that your functions use: CTRADER_REDEEM_API";
}

async function report(event) {
  try {
    await post("/sim/events", event);
  } catch {
    // The simulator has stopped. The page shows that already.
  }
}

function post(path, body) {
  return fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}
