// Opens the site from disk in Chromium, and checks what a person would see: by mouse, keyboard and phone, in the dark and
// in the light, with and without JavaScript. Then breaks copies of it, to see that the checks notice.
import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { barriers, overhang, watch, withBrowser } from "../browser/browser.js";

const [site, pictures] = process.argv.slice(2).map((path) => resolve(path));
const PAGES = ["index.html", "reference.html", "error-codes.html", "fields.html"];
const VIEWS = [
  { name: "light", colorScheme: "light", width: 1280, height: 800 },
  { name: "dark", colorScheme: "dark", width: 1280, height: 800 },
  { name: "phone", colorScheme: "light", width: 360, height: 740 },
  { name: "phone-dark", colorScheme: "dark", width: 360, height: 740 },
];
const SPEC = JSON.parse(readFileSync(new URL("../../spec/ontap-ipsec.json", import.meta.url), "utf8"));
const OPERATIONS = Object.entries(SPEC.paths).flatMap(([path, item]) =>
  Object.keys(item).filter((method) => method !== "parameters").map((method) => `${method.toUpperCase()} ${path}`));
const POLICIES = "/security/ipsec/policies";
/** What Scalar fills. */
const SCALAR = "#reference";

/** Takes a picture of what is in the window. */
const picture = (page, name) => page.screenshot({ path: join(pictures, `${name}.png`) });

const base = (folder) => `${pathToFileURL(folder)}/`;
/** A page of the site in `folder`, with what goes wrong in it. */
async function open(browser, folder, file, view = VIEWS[0]) {
  const page = await browser.newPage();
  // Scalar says which version it is, and nothing else.
  const wrong = watch(page, (url) => url.startsWith(base(folder)), ["info"]);
  await page.setViewportSize({ width: view.width, height: view.height });
  await page.emulateMedia({ colorScheme: view.colorScheme, reducedMotion: "reduce" });
  await page.goto(base(folder) + file);
  return { page, wrong };
}

/** What addresses of an operation in the reference end with. */
const anchor = (operation) => `tag/security/${operation.replace(" ", "")}`;

/** Waits until Scalar shows all operations, and tells those that it does not. */
async function operationsShown(page) {
  const missing = [];
  for (const operation of OPERATIONS) {
    try {
      await page.locator(`[id$="/${anchor(operation)}"]`).first().waitFor({ state: "attached", timeout: 15_000 });
    } catch {
      missing.push(`${operation} is not in the reference`);
    }
  }
  return missing;
}

/** All that is wrong with a page in a view, a line each. */
async function complaints(browser, folder, file, view, name) {
  const { page, wrong } = await open(browser, folder, file, view);
  if (file === "reference.html") wrong.push(...(await operationsShown(page)));
  const wide = await overhang(page);
  if (wide > 0) wrong.push(`wide: the page is ${wide} pixels wider than its window`);
  wrong.push(...(await barriers(page)));
  if (name) {
    await picture(page, name);
    // What Scalar shows is too long for one picture, and is made as it comes into view.
    if (file !== "reference.html") await page.screenshot({ path: join(pictures, `${name}-whole.png`), fullPage: true });
  }
  await page.close();
  return wrong.map((line) => `${file}, ${view.name}: ${line}`);
}

/** Links that leave the site, or lead to nothing in it. */
async function deadLinks(browser, folder) {
  const [links, ids] = [new Map(PAGES.map((file) => [file, []])), new Map()];
  const collect = async (page, file, own) => {
    links.get(file).push(...(await page.locator(own).evaluateAll((all) => all.map((link) => link.getAttribute("href")))));
    ids.set(file, await page.locator("[id]").evaluateAll((all) => all.map((element) => element.id)));
  };
  for (const file of PAGES) {
    const { page } = await open(browser, folder, file);
    if (file === "reference.html") await operationsShown(page);
    await collect(page, file, file === "reference.html" ? `a:not(${SCALAR} a)` : "a");
    await page.close();
  }
  // Scalar shows an operation when it comes into view. Of its links, those are of interest that it got from us: it leads
  // to its makers, too.
  for (const operation of OPERATIONS.filter((operation) => !operation.startsWith("GET"))) {
    const { page } = await open(browser, folder, `reference.html#${anchor(operation)}`);
    const ours = `${SCALAR} a[href^="error-codes.html"]`;
    await page.locator(ours).first().waitFor();
    await collect(page, "reference.html", ours);
    await page.close();
  }
  const dead = [];
  for (const [from, hrefs] of links) {
    for (const href of new Set(hrefs)) {
      const [file, anchor] = href.split("#");
      const there = ids.get(file || from);
      if (file === "ontap-ipsec.yaml" && existsSync(`${folder}/${file}`)) continue;
      const isScalars = (file || from) === "reference.html";
      const found = anchor === undefined || there?.some((id) => id === anchor || (isScalars && id.endsWith(`/${anchor}`)));
      if (!there || !found) dead.push(`${from}: ${href} leads nowhere`);
    }
  }
  return { dead, count: [...links.values()].flat().length };
}

const shown = (page) => page.locator("tbody tr[data-words]:visible");
const told = (page) => page.locator("#count").innerText();
const hash = (page) => page.evaluate(() => decodeURIComponent(location.hash));
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());

/** What keeps people from reading the page as it is now, in the light and in the dark. */
async function barriersInBoth(page) {
  const found = [];
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await barriers(page)).map((line) => `${colorScheme}: ${line}`));
  }
  return found;
}

async function checkErrorCodes(browser) {
  const { page, wrong } = await open(browser, site, "error-codes.html");
  const all = await shown(page).count();
  assert.equal(await told(page), `${all} codes`);
  assert.equal(await page.locator("#count").getAttribute("aria-live"), "polite");

  await page.keyboard.press("/");
  assert.equal(await focused(page), "words", "/ leads to the search");
  await page.keyboard.type("66257104");
  assert.equal(await told(page), `1 of ${all} codes`);
  const row = await shown(page).innerText();
  for (const part of ["66257104", "duplicate-policy-name", "POST", "already has a policy of this name", "a request"]) {
    assert.ok(row.includes(part), `the row does not show ${part}`);
  }
  assert.equal(await hash(page), "#q=66257104", "the address can be passed on");
  await page.keyboard.press("Enter");
  assert.equal(await hash(page), "#66257104");
  assert.equal(await focused(page), "66257104", "Enter leads to the first match");
  assert.equal(await page.locator("tr:target").getAttribute("id"), "66257104");
  await picture(page, "error-codes-found");
  assert.deepEqual(await barriersInBoth(page), []);

  for (const words of ['"66257104"', "error 66257104", "code: 66257104", '"code": "66257104",', "4", "262179", "HTTP 401"]) {
    await page.fill("#words", words);
    assert.equal(await told(page), `1 of ${all} codes`, words);
  }
  for (const [words, expected] of [["metrocluster", /^1 of/], ["DELETE purge", /^1 of/], ["remote subnet", /^\d of/], ["patch netmask", /^\d of/]]) {
    await page.fill("#words", words);
    assert.match(await told(page), expected, words);
  }
  await page.fill("#words", "no such <b>thing</b>");
  assert.equal(await told(page), `0 of ${all} codes`);
  assert.equal(await page.locator("#nothing q").innerText(), "no such <b>thing</b>", "nothing found is said");
  assert.ok(await page.getByRole("region", { name: "Error codes" }).isHidden());
  await picture(page, "error-codes-nothing");
  assert.deepEqual(await barriersInBoth(page), []);
  await page.focus("#words");
  await page.keyboard.press("Escape");
  assert.equal(await page.inputValue("#words"), "");
  assert.equal(await told(page), `${all} codes`);
  assert.ok(await page.locator("#nothing").isHidden());

  await page.goto(`${base(site)}error-codes.html#q=migrating`);
  assert.equal(await page.inputValue("#words"), "migrating", "a query in the address is asked");
  assert.match(await told(page), /^1 of/);
  // A link to a row has to show it, whatever was asked for.
  await page.evaluate(() => { location.hash = "#66257396"; });
  await page.waitForFunction(() => document.querySelectorAll("tbody tr:not([hidden])").length > 1);
  const lit = await page.locator("[id='66257396']").evaluate((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight && getComputedStyle(row).backgroundColor !== getComputedStyle(row.previousElementSibling).backgroundColor;
  });
  assert.ok(lit, "the row of the address is in view, and stands out");
  // What is no query and no row is passed over.
  for (const odd of ["#%", "#q=%", "#nothing", "#q"]) {
    await page.goto(`${base(site)}index.html`);
    await page.goto(`${base(site)}error-codes.html${odd}`);
    assert.match(await told(page), /^\d+ (of \d+ )?codes$/, odd);
  }
  assert.deepEqual(wrong, []);
  await page.close();
}

async function checkFields(browser) {
  const { page, wrong } = await open(browser, site, "fields.html");
  const all = await shown(page).count();
  const releases = await page.locator("#release option").allInnerTexts();
  assert.deepEqual(releases.slice(0, 3), ["any release", "9.8", "9.10"]);
  const since = (field, use, resource = POLICIES) => page.locator(`tr[id="${resource}:${field}"] td[data-label="${use}"]`);
  assert.equal(await since("enabled", "Filter", "/security/ipsec").locator("[aria-hidden]").innerText(), "–", "no list to filter");
  assert.equal(await since("name", "Change").locator("[aria-hidden]").innerText(), "–", "a name cannot be changed");
  assert.equal(await since("enabled", "Change").innerText(), "9.8");
  assert.equal(await since("action", "Filter").innerText(), "9.15");

  await page.selectOption("#release", { label: "9.8" });
  const lacking = await page.locator("tr.lacks").count();
  assert.ok(lacking > 0 && (await page.locator(`tr.lacks[id='${POLICIES}:authentication_method']`).count()) === 1);
  assert.equal(await told(page), `${all - lacking} of ${all} fields in ONTAP 9.8, and ${lacking} that came later`);
  assert.equal(await since("action", "Filter").evaluate((cell) => cell.classList.contains("later")), true);
  assert.equal(await since("action", "Create").evaluate((cell) => cell.classList.contains("later")), false);
  await page.locator("h1").click();
  await picture(page, "fields-9.8");
  assert.deepEqual(await barriersInBoth(page), []);
  await page.check("#hide");
  assert.equal(await shown(page).count(), all - lacking);
  await page.uncheck("#hide");
  assert.equal(await hash(page), "#release=9.8");
  const newest = releases.at(-1);
  await page.selectOption("#release", { label: newest });
  assert.equal(await page.locator("tr.lacks").count(), 0);
  await page.fill("#words", "local_endpoint");
  assert.equal(await told(page), `4 of ${all} fields in ONTAP ${newest}`);
  assert.deepEqual(await page.locator("section:visible h2").allInnerTexts(), [POLICIES], "tables without a row are not shown");
  await page.keyboard.press("Enter");
  assert.ok((await hash(page)).startsWith(`#${POLICIES}:local_endpoint.`));

  await page.goto(`${base(site)}index.html`);
  await page.goto(`${base(site)}fields.html#q=certificate&release=9.8`);
  const later = await page.locator("tr.lacks:visible").count();
  assert.equal(await told(page), `${(await shown(page).count()) - later} of ${all} fields in ONTAP 9.8, and ${later} that came later`);
  assert.ok(later >= 3);
  assert.deepEqual(wrong, []);
  await page.close();
}

async function checkColours(browser) {
  const { page, wrong } = await open(browser, site, "index.html");
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Use dark colours" }).click();
  const dark = await ground();
  assert.notEqual(light, dark);
  for (const file of PAGES) {
    await page.goto(base(site) + file);
    assert.equal(await ground(), dark, `${file} has the colours that were chosen`);
  }
  await page.goto(`${base(site)}reference.html`);
  await operationsShown(page);
  const scalar = () => page.locator(`${SCALAR} h1`).first().evaluate((title) => getComputedStyle(title).color);
  const before = await scalar();
  await page.getByRole("button", { name: "Use light colours" }).click();
  assert.equal(await ground(), light);
  await page.waitForFunction(() => document.body.classList.contains("light-mode"));
  assert.notEqual(await scalar(), before, "Scalar follows");
  await page.evaluate(() => localStorage.clear());
  assert.deepEqual(wrong, []);
  await page.close();
}

/** Walks through a page by keyboard: what has the focus is to be seen, and has a ring. */
async function checkKeyboard(browser) {
  for (const file of PAGES) {
    const { page } = await open(browser, site, file);
    if (file === "reference.html") await operationsShown(page);
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Skip to the content", file);
    const seen = [];
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press("Tab");
      const here = await page.evaluate(() => {
        const element = document.activeElement;
        const { top, bottom, left, right } = element.getBoundingClientRect();
        const within = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
        const rings = [undefined, "::after"].map((part) => getComputedStyle(element, part));
        const ring = rings.some(({ outlineStyle, boxShadow }) => outlineStyle !== "none" || boxShadow !== "none");
        return { name: element.getAttribute("aria-label") ?? element.textContent.trim() ?? element.id, within, ring };
      });
      if (await page.evaluate(() => document.activeElement === document.body)) break;
      assert.ok(here.within, `${file}: ${here.name} has the focus and is not to be seen`);
      // Scalar marks the focus in ways of its own.
      if (seen.length < 7) assert.ok(here.ring, `${file}: ${here.name} has the focus and does not show it`);
      seen.push(here.name);
    }
    const bar = ["ontap-ipsec", "Reference", "Error codes", "Fields", "Use dark colours"];
    assert.deepEqual(seen.slice(0, bar.length), bar, file);
    await page.goto(base(site) + file);
    if (file === "reference.html") await operationsShown(page);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), file === "reference.html" ? "reference" : "content", `${file}: the skip link skips`);
    await page.close();
  }
  // A table that is wider than its box scrolls by the arrow keys.
  const { page } = await open(browser, site, "fields.html", { ...VIEWS[0], width: 760 });
  const table = page.getByRole("region", { name: `Fields of ${POLICIES}`, exact: true });
  await table.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.activeElement.scrollLeft > 0);
  await page.close();
}

async function checkWithoutScript() {
  await withBrowser({ javaScriptEnabled: false }, async (browser) => {
    for (const [file, rows] of [["error-codes.html", 40], ["fields.html", 20]]) {
      const { page } = await open(browser, site, file);
      assert.ok((await page.locator("tbody tr:visible").count()) >= rows, `${file} shows its table without JavaScript`);
      assert.equal(await page.locator("#seek:visible, #theme:visible").count(), 0, "what would not work is not shown");
      await page.close();
    }
    const { page } = await open(browser, site, "error-codes.html#66257104");
    const { top, bottom } = await page.locator("tr:target").boundingBox().then(({ y, height }) => ({ top: y, bottom: y + height }));
    assert.ok(top >= 0 && bottom <= 800, "the row of the address is in view");
    await page.goto(`${base(site)}reference.html`);
    const text = await page.locator("noscript").innerText();
    for (const operation of OPERATIONS) assert.ok(text.includes(operation), `${operation} is named without JavaScript`);
    await page.close();
  });
}

/** A copy of the site that `spoil` has spoilt is complained of in these words. */
async function isNoticed(browser, words, spoil, find) {
  const copy = mkdtempSync(join(tmpdir(), "ontap-ipsec-site-"));
  try {
    cpSync(site, copy, { recursive: true });
    spoil((file, more) => appendFileSync(join(copy, file), more), copy);
    const found = (await find(copy)).join("\n");
    assert.match(found, words, "the spoilt site passes");
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

async function checkThatChecksCanFail(browser) {
  const looked = (file, view = VIEWS[0]) => (copy) => complaints(browser, copy, file, view);
  await isNoticed(browser, /request: https:\/\/outside\.example/, (add) => add("index.html", "<img alt='' src='https://outside.example/x.png'>"), looked("index.html"));
  await isNoticed(browser, /console: Connecting to 'https:\/\/outside\.example/, (add) => add("theme.js", "fetch('https://outside.example/x').catch(() => 0);"), looked("index.html"));
  await isNoticed(browser, /console: spoilt/, (add) => add("filter.js", "console.warn('spoilt');"), looked("fields.html"));
  await isNoticed(browser, /error: .*Error: spoilt/, (add) => add("filter.js", "throw new Error('spoilt');"), looked("error-codes.html"));
  await isNoticed(browser, /color-contrast/, (add) => add("page.css", ".lead { color: light-dark(#ccc, #333); }"), looked("fields.html", VIEWS[1]));
  await isNoticed(browser, /wide: the page/, (add) => add("page.css", "h1 { width: 500px; }"), looked("index.html", VIEWS[2]));
  await isNoticed(browser, /DELETE .* is not in the reference/, (_, copy) => {
    const file = join(copy, "reference.html");
    writeFileSync(file, readFileSync(file, "utf8").replace('"delete":', '"x-delete":'));
  }, looked("reference.html"));
  const dead = async (copy) => (await deadLinks(browser, copy)).dead;
  await isNoticed(browser, /#0 leads nowhere/, (add) => add("fields.html", "<a href='error-codes.html#0'>x</a>"), dead);
  await isNoticed(browser, /https:\/\/outside\.example leads nowhere/, (add) => add("index.html", "<a href='https://outside.example'>x</a>"), dead);
}

rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
for (const file of readdirSync(site).filter((file) => file.endsWith(".html"))) assert.ok(PAGES.includes(file), `${file} is not looked at`);
await withBrowser({}, async (browser) => {
  const found = [];
  for (const file of PAGES) {
    for (const view of VIEWS) {
      found.push(...(await complaints(browser, site, file, view, `${file.replace(".html", "")}-${view.name}`)));
    }
  }
  assert.deepEqual(found, []);
  for (const view of VIEWS) {
    const { page } = await open(browser, site, `reference.html#${anchor("POST /security/ipsec/policies")}`, view);
    await page.locator(`${SCALAR} a[href="error-codes.html#66257104"]`).waitFor();
    await picture(page, `reference-operation-${view.name}`);
    assert.deepEqual(await barriers(page), [], `an operation in the reference, ${view.name}`);
    await page.close();
  }
  const { dead, count } = await deadLinks(browser, site);
  assert.deepEqual(dead, []);
  assert.ok(count > 250, `only ${count} links were found`);
  await checkErrorCodes(browser);
  await checkFields(browser);
  await checkColours(browser);
  await checkKeyboard(browser);
  await checkThatChecksCanFail(browser);
});
await checkWithoutScript();
console.log(`the site is as it should be; see ${pictures}`);
