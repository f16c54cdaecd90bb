// What goes wrong: faults of the backend live in the simulator, those of the token in this page.

const ofCredits = { on: "change_balance" };

export const BACKEND_FAULTS = {
  slow: { kind: "delay", ms: 1500 },
  "too-slow": { kind: "delay", ms: 10000 },
  down: { kind: "down" },
  lose_answer: { kind: "lose_answer" },
  429: { kind: "status", status: 429 },
  500: { kind: "status", status: 500 },
  manager_token: { kind: "status", status: 403 },
  garbage: { kind: "garbage" },
  "credit-slow": { kind: "delay", ms: 3000, ...ofCredits },
  "credit-too-slow": { kind: "delay", ms: 30000, ...ofCredits },
  "credit-lost": { kind: "lose_answer", ...ofCredits },
  "credit-500": { kind: "status_after", status: 500, ...ofCredits },
  "credit-not": { kind: "lose_answer_before", ...ofCredits },
  "credit-429": { kind: "status", status: 429, ...ofCredits },
  "credit-not-found": { kind: "status", status: 404, code: "TRADER_NOT_FOUND", ...ofCredits },
  "credit-no-rights": { kind: "status", status: 403, code: "NOT_ENOUGH_RIGHTS", ...ofCredits },
  "credit-bad-amount": { kind: "status", status: 400, code: "CHANGE_BALANCE_BAD_AMOUNT", ...ofCredits },
};

/** What a faulty token is minted with; `token` means it is not minted at all. */
export const TOKEN_FAULTS = {
  expired: { ttlMs: 0 },
  unknown: { token: "NeverMadeByTheSimulatedTrader000" },
};

/** The option of the page that stands for this fault of the simulator; `custom` for one set over HTTP. */
export function optionOf(fault) {
  if (!fault) return "";
  const { times, ...bare } = fault;
  const text = stable(bare);
  const known = Object.entries(BACKEND_FAULTS).find(([, candidate]) => stable(candidate) === text);
  return known ? known[0] : "custom";
}

/** Makes the simulator misbehave as the option says, or behave. */
export async function apply(option) {
  const fault = BACKEND_FAULTS[option];
  await fetch("/sim/fault", {
    method: fault ? "POST" : "DELETE",
    headers: { "content-type": "application/json" },
    body: fault ? JSON.stringify(fault) : undefined,
  });
}

function stable(object) {
  return JSON.stringify(Object.entries(object).sort());
}
