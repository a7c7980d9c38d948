// Starts the simulator, opens its page in Chromium, and checks what a person would see, by mouse, keyboard and phone.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { request } from "playwright-core";
import { barriers, overhang, watch, withBrowser } from "./browser.js";

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
  await assert.rejects(client.delete(POLICIES), "a reset connection");
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

/** What of the page is beside the window or cut off, and which cells do not have their column's name above or before them. */
function hidden() {
  const found = [];
  const name = (element) => `${element.tagName} ${element.textContent.trim().slice(0, 40)}`;
  const isShown = ({ left, right, width, height }) => width > 1 && height > 1 && left >= 0 && right <= innerWidth;
  for (const element of document.querySelectorAll("header, nav, footer, main, main :not(thead, thead *, br)")) {
    if (!isShown(element.getBoundingClientRect())) found.push(`beside the window: ${name(element)}`);
    if (getComputedStyle(element).overflowX !== "visible") found.push(`may be cut off: ${name(element)}`);
  }
  for (const table of document.querySelectorAll("table")) {
    const heads = [...table.tHead.rows[0].cells];
    for (const cell of [...table.tBodies[0].rows].flatMap((row) => [...row.cells])) {
      const column = heads[cell.cellIndex];
      const text = document.createRange();
      text.selectNodeContents(cell);
      const box = text.getBoundingClientRect();
      if (!isShown(box)) found.push(`not to be seen: ${name(cell)}`);
      const head = column.getBoundingClientRect();
      const isBelow = getComputedStyle(table.tHead).position === "static" && isShown(head)
        && head.left <= box.left && head.right >= box.right && head.bottom <= box.top;
      const label = getComputedStyle(cell, "::before");
      const end = cell.getBoundingClientRect().left + parseFloat(label.left) + parseFloat(label.width);
      const isLabelled = label.content.startsWith(JSON.stringify(column.textContent)) && end <= box.left;
      if (!isBelow && !isLabelled) found.push(`without ${column.textContent}: ${name(cell)}`);
    }
  }
  return found;
}

/** The page with a rule more than its own. */
function restyle(rule) {
  const sheet = new CSSStyleSheet();
  sheet.insertRule(rule);
  document.adoptedStyleSheets = [sheet];
}

/** How often the browser tells a screen reader of each part of a table. */
async function tableParts(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const roles = nodes.filter(({ ignored }) => !ignored).map(({ role }) => role.value);
  return ["table", "row", "columnheader", "rowheader", "cell"].map((role) => [role, roles.filter((it) => it === role).length]);
}

async function checkContent(page) {
  const text = await page.locator("body").innerText();
  for (const part of [
    "NetApp is not involved", "follows the documents of ONTAP 9.15.1", "curl --cacert ca.pem --user 'admin' 'https://127.0.0.1:",
    "lab <b>1</b>", "9.14.1", "svm2 \"quoted\"", "migrating", "<img src=x onerror=alert(1)>",
    "<script>document.title = 'taken'</script>", "\"><a href='//outside.example'>", "The first 50 of 64",
    "10.1.2.3/24\nport 2049", "2001:db8::10/64\nport 500", "pki with ipsec-2026", "IPsec replay window",
    "The first 50 of 120", "10.0.0.1", "established", "installed",
    `${POLICIES}?fields=*&name=%22%3Cscript%3E%22`, "secret_key=%28not+shown%29", "<u>=1",
    "unavailable, method POST, path /api/security/*, retry_after 2, status 503, times 2",
  ]) {
    assert.ok(text.includes(part), `the page does not show ${part}`);
  }
  assert.ok(!(await page.content()).includes(SECRET), "the page shows a key");
  assert.equal(await page.title(), "lab <b>1</b> – ONTAP simulator");
  assert.equal(await page.locator("script, img, iframe, form, object, b, em, u, i").count(), 0, "names became markup");
  const links = await page.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  assert.deepEqual(links, ["#content", "#cluster", "#policies", "#associations", "#requests", "#faults", "#assumptions", "/"]);
  const answers = await page.getByRole("table", { name: "Newest first" }).getByRole("row").locator("td:last-child").allInnerTexts();
  assert.equal(answers.shift(), "no response fault 3");
  const order = ["404 · 3", "201", "503 fault 1", "503 fault 1", "400 · 262250", "200"];
  assert.deepEqual(answers, order, "the newest request comes first");
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
    "Skip to the content", "Cluster", "Policies", "Associations", "Requests", "Faults", "Assumptions", "Reload",
  ]);

  await page.goto(page.url().split("#")[0]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  const top = await page.evaluate(() => scrollY);
  await page.locator("nav a", { hasText: "Requests" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction((before) => scrollY > before, top);
}

async function look(browser) {
  const page = await browser.newPage();
  const wrong = watch(page, (asked) => asked.startsWith(url));
  const [grounds, parts] = [new Set(), []];
  for (const [name, colorScheme, width, height] of [
    ["light", "light", 1280, 800], ["dark", "dark", 1280, 800], ["narrow", "light", 390, 844], ["narrow-dark", "dark", 390, 844],
  ]) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const answer = await page.goto(url);
    assert.equal(answer.status(), 200);
    await checkContent(page);
    grounds.add(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    assert.deepEqual(await page.evaluate(faint), [], `${name}: texts that are hard to read`);
    assert.deepEqual(await barriers(page), [], name);
    parts.push(await tableParts(page));
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    await page.screenshot({ path: join(pictures, `${name}-first.png`) });
  }
  assert.equal(grounds.size, 2, "dark and light differ");
  assert.ok(parts[0].every(([, count]) => count >= 5), `tables for screen readers: ${parts[0]}`);
  for (const others of parts) assert.deepEqual(others, parts[0], "a narrow table is a table, too");
  for (const width of [320, 390, 640, 1024, 1025, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    assert.equal(await overhang(page), 0, `the page is wider than its window of ${width} pixels`);
    assert.deepEqual(await page.evaluate(hidden), [], `${width} pixels`);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  for (const rule of [
    "td::before { display: none !important }", "td { white-space: nowrap }", "td:last-child { display: none }",
    "table { overflow-x: auto }",
  ]) {
    await page.evaluate(restyle, rule);
    assert.notDeepEqual(await page.evaluate(hidden), [], `nobody noticed ${rule}`);
  }
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
