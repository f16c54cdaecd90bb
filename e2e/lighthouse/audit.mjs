// Runs Lighthouse in a running Chromium, with its phone profile on slow 4G. Reads {"url", "skipAudits"} from each input line, and
// writes the report as one line.
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
    // Error pages are tested too.
    ignoreStatusCode: true,
  });
  const audits = Object.values(lhr.audits).map(({ id, score, numericValue, details }) => ({
    id, score, numericValue, items: score === null || score === 1 ? undefined : details?.items,
  }));
  const scores = Object.values(lhr.categories).map(({ id, score }) => [id, score]);
  console.log(JSON.stringify({ error: lhr.runtimeError?.message ?? null, scores: Object.fromEntries(scores), audits }));
}
