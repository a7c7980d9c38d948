// Filters the rows of the tables below the form: by words, and by release where the form has a choice of them.
(() => {
  const form = document.getElementById("seek");
  const words = form.querySelector("input[type=search]");
  const release = form.querySelector("select");
  const hide = form.querySelector("input[type=checkbox]");
  const count = document.getElementById("count");
  const nothing = document.getElementById("nothing");
  const rows = [...document.querySelectorAll("tr[data-words]")];
  const tables = new Set(rows.map((row) => row.closest("section") ?? row.closest(".scroll")));
  const kinds = form.dataset.kinds;
  const ids = new Set(rows.map((row) => row.id));

  /** Marks what came after the chosen release, and tells whether the row has anything in it. */
  const has = (row) => {
    const latest = release?.value ? Number(release.value) : Infinity;
    const cells = [...row.querySelectorAll("[data-since]")];
    for (const cell of cells) cell.classList.toggle("later", Number(cell.dataset.since) > latest);
    const lacks = cells.length > 0 && cells.every((cell) => cell.classList.contains("later"));
    row.classList.toggle("lacks", lacks);
    return !lacks;
  };

  const apply = () => {
    // People paste `"code": "66257104"` and the like.
    const typed = words.value.toLowerCase().replace(/[`"':;,{}]/g, " ").split(/\s+/).filter(Boolean);
    const isNumber = (word) => /^\d+$/.test(word);
    const asked = typed.some(isNumber) ? typed.filter((word) => !["code", "error", "http"].includes(word)) : typed;
    const hits = (row, word) => (isNumber(word) && ids.has(word) ? row.id === word : row.dataset.words.includes(word));
    let [shown, lacking] = [0, 0];
    for (const row of rows) {
      const found = asked.every((word) => hits(row, word));
      const there = has(row);
      if (found && !there) lacking += 1;
      row.hidden = !found || (!there && hide?.checked);
      if (found && there) shown += 1;
    }
    const chosen = release?.value ? release.selectedOptions[0].text : null;
    const all = asked.length === 0 && !chosen;
    let text = all ? `${rows.length} ${kinds}` : `${shown} of ${rows.length} ${kinds}`;
    if (chosen) text += ` in ONTAP ${chosen}${lacking ? `, and ${lacking} that came later` : ""}`;
    count.textContent = text;
    nothing.hidden = shown + lacking > 0;
    for (const table of tables) table.hidden = !table.querySelector("tr[data-words]:not([hidden])");
    if (!nothing.hidden) nothing.querySelector("q").textContent = words.value.trim();
  };

  /** Puts what is asked for into the address, so that it can be passed on. */
  const keep = () => {
    const parts = new URLSearchParams();
    if (words.value.trim()) parts.set("q", words.value.trim());
    if (release?.value) parts.set("release", release.selectedOptions[0].text);
    history.replaceState(null, "", `#${parts}`);
  };

  /** Takes what is asked for from the address: a query, or the id of a row, which has to be seen then. */
  const obey = () => {
    const hash = location.hash.slice(1);
    const row = rows.find((row) => row.id === hash);
    if (row) {
      apply();
      if (row.hidden) {
        words.value = "";
        apply();
      }
      row.scrollIntoView({ block: "center" });
    } else if (/^(q|release)=/.test(hash)) {
      const parts = new URLSearchParams(location.hash.slice(1));
      words.value = parts.get("q") ?? "";
      if (release) {
        const option = [...release.options].find((option) => option.text === parts.get("release"));
        release.value = option?.value ?? "";
      }
      apply();
    } else {
      apply();
    }
  };

  for (const part of [form, count, document.getElementById("keys")]) part.hidden = false;
  form.addEventListener("input", () => { apply(); keep(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = rows.find((row) => !row.hidden);
    if (!first) return;
    location.hash = first.id;
    first.querySelector("a, [tabindex]")?.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" });
  });
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    words.value = "";
    apply();
    keep();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input, select, textarea, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    words.focus();
    words.select();
  });
  addEventListener("hashchange", obey);
  obey();
})();
