// Faults: those of the backend are in the simulator, those of the token in this page.

const changeBalance = { on: "change_balance" };

export const BACKEND_FAULTS = {
  slow: { kind: "delay", ms: 1500 },
  "too-slow": { kind: "delay", ms: 10000 },
  down: { kind: "down" },
  lose_answer: { kind: "lose_answer" },
  429: { kind: "status", status: 429 },
  500: { kind: "status", status: 500 },
  manager_token: { kind: "status", status: 403 },
  garbage: { kind: "garbage" },
  "credit-slow": { kind: "delay", ms: 3000, ...changeBalance },
  "credit-too-slow": { kind: "delay", ms: 30000, ...changeBalance },
  "credit-lost": { kind: "lose_answer", ...changeBalance },
  "credit-500": { kind: "status_after", status: 500, ...changeBalance },
  "credit-not": { kind: "lose_answer_before", ...changeBalance },
  "credit-429": { kind: "status", status: 429, ...changeBalance },
  "credit-not-found": { kind: "status", status: 404, code: "TRADER_NOT_FOUND", ...changeBalance },
  "credit-no-rights": { kind: "status", status: 403, code: "NOT_ENOUGH_RIGHTS", ...changeBalance },
  "credit-bad-amount": { kind: "status", status: 400, code: "CHANGE_BALANCE_BAD_AMOUNT", ...changeBalance },
};

/** Options to mint a faulty token with; a `token` is used as it is, without minting. */
export const TOKEN_FAULTS = {
  expired: { ttlMs: 0 },
  unknown: { token: "NeverMadeByTheSimulatedTrader000" },
};

/** The page's option for a fault of the simulator; `custom` for a fault that was set over HTTP. */
export function optionOf(fault) {
  if (!fault) return "";
  const { times, ...kind } = fault;
  const text = stable(kind);
  const known = Object.entries(BACKEND_FAULTS).find(([, candidate]) => stable(candidate) === text);
  return known ? known[0] : "custom";
}

/** Sets the simulator's fault to that of an option, or clears it. */
export async function apply(option) {
  const fault = BACKEND_FAULTS[option];
  await fetch("/sim/fault", {
    method: fault ? "POST" : "DELETE",
    headers: { "content-type": "application/json" },
    body: fault ? JSON.stringify(fault) : undefined,
  });
}

/** JSON in an order that does not depend on the insertion of the keys. */
function stable(object) {
  return JSON.stringify(Object.entries(object).sort());
}
