// A Chromium that asks nothing of any network, and an ear for what goes wrong in its pages.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser with a profile of its own, hands it to `work`, and leaves nothing behind. */
export async function withBrowser(options, work) {
  const profile = mkdtempSync(join(tmpdir(), "ontap-ipsec-browser-"));
  let browser;
  try {
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: "/usr/bin/chromium", headless: true, chromiumSandbox: false, args: FLAGS,
      viewport: { width: 1280, height: 800 }, ...options,
    });
    return await work(browser);
  } finally {
    await browser?.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Everything that comes up while the page is looked at and should not: `expected` tells which addresses it may ask for. */
export function watch(page, expected, quiet = []) {
  const wrong = [];
  page.on("console", (message) => {
    if (!quiet.includes(message.type())) wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`error: ${error}`));
  page.on("dialog", (dialog) => wrong.push(`dialog: ${dialog.message()}`));
  page.on("request", (asked) => {
    if (!expected(asked.url()) && !asked.url().startsWith("data:")) wrong.push(`request: ${asked.url()}`);
  });
  page.on("requestfailed", (asked) => wrong.push(`failed: ${asked.url()}`));
  page.on("response", (answer) => {
    if (answer.status() >= 400) wrong.push(`status ${answer.status()}: ${answer.url()}`);
  });
  return wrong;
}

/** How many pixels of the page are outside of the window, to the side. */
export function overhang(page) {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
}

/** What axe-core finds that keeps people from reading the page, a line each. */
export async function barriers(page) {
  // Not as an element of the page, whose policy would not let it in.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  // It would fetch the styles again, for rules that none of these pages needs.
  const found = await page.evaluate(() => globalThis.axe.run("body", { preload: false }));
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}`));
}
