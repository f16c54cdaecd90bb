// Lighthouse in a Chromium that runs already, with its own phone profile on slow 4G: for each {"url", "skipAudits"} that comes
// in a line, the report goes out in a line.
//   node audit.mjs MODULES PORT

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [modules, port] = process.argv.slice(2);
const { default: lighthouse } = await import(pathToFileURL(`${modules}/lighthouse/core/index.js`));

for await (const line of createInterface({ input: process.stdin })) {
  const { url, skipAudits } = JSON.parse(line);
  const { lhr } = await lighthouse(url, {
    port: +port,
    skipAudits,
    onlyCategories: ["performance", "accessibility", "best-practices"],
    // Pages that tell of an error are judged like all others.
    ignoreStatusCode: true,
  });
  const audits = Object.values(lhr.audits).map(({ id, score, numericValue, details }) => ({
    id, score, numericValue, items: score === null || score === 1 ? undefined : details?.items,
  }));
  const scores = Object.values(lhr.categories).map(({ id, score }) => [id, score]);
  console.log(JSON.stringify({ error: lhr.runtimeError?.message ?? null, scores: Object.fromEntries(scores), audits }));
}
