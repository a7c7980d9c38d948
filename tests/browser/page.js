// Starts the simulator, opens its page in Chromium, and checks what a person would see, by mouse, keyboard and phone.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { request } from "playwright-core";
import { overhang, watch, withBrowser } from "./browser.js";

const [binary, pictures] = process.argv.slice(2).map((path) => resolve(path));
const credentials = { username: "admin", password: "for <the> test" };
const POLICIES = "/api/security/ipsec/policies";
const SECRET = "never-to-be-seen-anywhere";

/** Starts the simulator and returns it with its address. */
async function simulator(...more) {
  const environment = { ...process.env, ONTAP_SIMULATOR_PASSWORD: credentials.password };
  const child = spawn(binary, more, { stdio: ["ignore", "pipe", "inherit"], env: environment });
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, url: line.replace("listening on ", "") };
  }
  throw new Error("the simulator did not start");
}

/** Some requests for the page to tell of. */
async function talk(url) {
  const client = await request.newContext({ baseURL: url, ignoreHTTPSErrors: true, httpCredentials: { ...credentials, send: "always" } });
  const policy = { name: "late", svm: { name: "svm1" }, secret_key: SECRET };
  const statuses = [
    (await client.get(`${POLICIES}?fields=*&name=%22%3Cscript%3E%22`)).status(),
    (await client.get(`${POLICIES}?secret_key=${SECRET}`)).status(),
    (await client.post(POLICIES, { data: policy })).status(),
    (await client.post(POLICIES, { data: policy })).status(),
    (await client.post(POLICIES, { data: policy })).status(),
    (await client.get("/api/nowhere?text=<em>&long=" + "x".repeat(300))).status(),
  ];
  assert.deepEqual(statuses, [200, 400, 503, 503, 201, 404]);
  await client.dispose();
}

/** Texts whose contrast to what is behind them is less than WCAG's level AA asks for. */
function faint() {
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = numbers(colour).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((numbers(colour)[3] ?? 1) === 1) return colour;
    }
    return getComputedStyle(document.body).backgroundColor;
  };
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!own) continue;
    const [one, other] = [luminance(getComputedStyle(element).color), luminance(ground(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) found.push(`${element.textContent.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return found;
}

async function checkContent(page) {
  const text = await page.locator("body").innerText();
  for (const part of [
    "lab <b>1</b>", "9.14.1", "svm2 \"quoted\"", "migrating", "<img src=x onerror=alert(1)>",
    "<script>document.title = 'taken'</script>", "\"><a href='//outside.example'>", "The first 50 of 64",
    "10.1.2.3/24\nport 2049", "2001:db8::10/64\nport 500", "pki with ipsec-2026",
    `${POLICIES}?fields=*&name=%22%3Cscript%3E%22`, "secret_key=%28not+shown%29", "unavailable, status 503", "<u>=1",
  ]) {
    assert.ok(text.includes(part), `the page does not show ${part}`);
  }
  assert.ok(!(await page.content()).includes(SECRET), "the page shows a key");
  assert.equal(await page.title(), "lab <b>1</b> – ONTAP simulator");
  assert.equal(await page.locator("script, img, iframe, form, object, b, em, u, i").count(), 0, "names became markup");
  const links = await page.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  assert.deepEqual(links, ["#content", "#cluster", "#policies", "#requests", "#faults", "/"]);
  const order = await page.locator("table").filter({ hasText: "Target" }).locator("tbody tr td:nth-child(4)").allInnerTexts();
  assert.deepEqual(order, ["404", "201", "503", "503", "400", "200"], "the newest request comes first");
}

/** Walks through the page by keyboard. */
async function checkKeyboard(page) {
  const focus = () => page.evaluate(() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    const shown = box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
    const name = element.getAttribute("aria-label") ?? element.textContent;
    return { name, shown, outline: getComputedStyle(element).outlineStyle };
  });
  const passed = [];
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press("Tab");
    const here = await focus();
    if (passed.includes(here.name) || (await page.evaluate(() => document.activeElement === document.body))) break;
    assert.ok(here.shown, `${here.name} has the focus and is not to be seen`);
    assert.notEqual(here.outline, "none", `${here.name} has the focus and does not show it`);
    passed.push(here.name);
  }
  assert.deepEqual(passed, [
    "Skip to the content", "Cluster", "Policies", "Requests", "Faults", "Reload",
    "SVMs", "Certificates", "Policies table", "Requests table", "Faults table",
  ]);

  await page.goto(page.url().split("#")[0]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  const top = await page.evaluate(() => scrollY);
  await page.locator("nav a", { hasText: "Requests" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction((before) => scrollY > before, top);
  // A wide table scrolls by the arrow keys.
  const policies = page.getByRole("region", { name: "Policies table" });
  await policies.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.activeElement.scrollLeft > 0);
}

async function look(browser) {
  const page = await browser.newPage();
  const wrong = watch(page, (asked) => asked.startsWith(url));
  const grounds = new Set();
  for (const [name, colorScheme, width, height] of [
    ["light", "light", 1280, 800], ["dark", "dark", 1280, 800], ["narrow", "light", 360, 740], ["narrow-dark", "dark", 360, 740],
  ]) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const answer = await page.goto(url);
    assert.equal(answer.status(), 200);
    await checkContent(page);
    grounds.add(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    assert.deepEqual(await page.evaluate(faint), [], `${name}: texts that are hard to read`);
    assert.equal(await overhang(page), 0, `${name}: the page is wider than its window`);
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    await page.screenshot({ path: join(pictures, `${name}-first.png`) });
  }
  assert.equal(grounds.size, 2, "dark and light differ");
  // So that nothing is still scrolling when it is asked where it is.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize({ width: 1000, height: 800 });
  await page.goto(url);
  await checkKeyboard(page);
  assert.deepEqual(wrong, []);
}

const { child, url } = await simulator("--cluster", new URL("cluster.toml", import.meta.url).pathname);
try {
  await talk(url);
  mkdirSync(pictures, { recursive: true });
  await withBrowser({ ignoreHTTPSErrors: true, httpCredentials: credentials }, look);
  console.log(`the page is as it should be; see ${pictures}`);
} finally {
  child.kill();
}
