/* The table of all recorded runs: filter, search and sort. Data: runs.js, written by tools/list_results.py. */
"use strict";

(() => {
  const place = document.getElementById("runs-table");
  const data = window.replicaRuns;
  if (!place || !data) return;

  const STEP = 100; // rows shown at a time, so that thousands of rows cost nothing
  const SHOWN = [
    "system", "features", "loss", "dimension", "test CCC", "dev CCC", "corpus", "rotation", "seed", "scale",
    "experiments", "seconds", "commit", "digest",
  ];
  const FILTERS = ["experiments", "corpus", "dimension", "loss", "features", "scale"];
  const LABELS = { experiments: "experiment" };
  const label = (name) => LABELS[name] || name;
  const isNumber = (name) => !(name in data.texts) && name !== "digest";

  const LONG = ["system", "features", "experiments"];
  const classOf = (name) => (isNumber(name) ? "number" : LONG.includes(name) ? "long" : "");

  const value = (name, row) =>
    name in data.texts ? data.texts[name][data.columns[name][row]] : data.columns[name][row];
  const rows = data.columns.digest.map((_, row) =>
    Object.fromEntries(data.order.map((name) => [name, value(name, row)])));

  /* sec5_3_loss_functions stands as 5.3, in the table alone. */
  const short = (experiment) => experiment.replace(/^sec(\d+)(?:_(\d+))?_.*/, (_, a, b) => (b ? `${a}.${b}` : a));
  const members = (row) => (row.experiments ? row.experiments.split(", ") : []);
  const cell = (name, row) => {
    const content = row[name];
    if (name === "experiments") return members(row).map(short).join(", ");
    if (content === null || content === undefined) return "";
    if (name.endsWith("CCC")) return content.toFixed(3);
    return name === "seconds" ? content.toFixed(1) : String(content);
  };
  for (const row of rows) row.searched = SHOWN.map((name) => cell(name, row)).join(" ").toLowerCase();

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, text] of Object.entries(attributes)) made.setAttribute(name, text);
    made.append(...children);
    return made;
  };

  const options = (name) => {
    const found = new Set(rows.flatMap((row) => (name === "experiments" ? members(row) : [row[name]])));
    found.delete("");
    return [...found].sort();
  };
  const inputs = Object.fromEntries(FILTERS.map((name) => {
    const select = element("select", { name });
    select.append(element("option", { value: "" }, "all"));
    for (const text of options(name)) select.append(element("option", { value: text }, text));
    return [name, select];
  }));
  inputs.search = element("input", { type: "search", name: "search", placeholder: "digest, system, commit" });
  const form = element("form", { class: "results-filters", role: "search", "aria-label": "Filter the runs" });
  for (const [name, input] of Object.entries(inputs)) form.append(element("label", {}, label(name), input));
  const reset = element("button", { type: "reset" }, "Clear");
  form.append(reset);

  const told = element("p", { role: "status", "aria-live": "polite", class: "results-told" });
  const command = element("p", { class: "results-command" });
  const body = element("tbody");
  const headings = Object.fromEntries(SHOWN.map((name) => {
    const button = element("button", { type: "button" }, label(name));
    button.addEventListener("click", () => sortBy(name));
    return [name, element("th", { scope: "col", "aria-sort": "none" }, button)];
  }));
  const table = element("table", { class: "results-table" },
    element("caption", { class: "visually-hidden" }, "All recorded runs"),
    element("thead", {}, element("tr", {}, ...Object.values(headings))), body);
  const box = element("div", { class: "results-box", role: "region", tabindex: "0", "aria-label": "Recorded runs" }, table);
  const more = element("button", { type: "button", class: "results-more" });
  more.addEventListener("click", () => show(shown + STEP));
  place.replaceChildren(form, told, command, box, more);

  let order = { name: "test CCC", down: true };
  let chosen = [];
  let shown = STEP;

  const compare = (a, b) => {
    const [x, y] = [a[order.name], b[order.name]];
    const missing = (z) => z === null || z === undefined || z === "";
    if (missing(x) || missing(y)) return missing(x) - missing(y); // always last
    const difference = isNumber(order.name) ? x - y : x < y ? -1 : x > y ? 1 : 0;
    return order.down ? -difference : difference;
  };

  function sortBy(name) {
    order = { name, down: order.name === name ? !order.down : isNumber(name) };
    update();
  }

  function passes(row) {
    const words = inputs.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    return FILTERS.every((name) => {
      const wanted = inputs[name].value;
      return !wanted || (name === "experiments" ? members(row).includes(wanted) : row[name] === wanted);
    }) && words.every((word) => row.searched.includes(word));
  }

  function update() {
    chosen = rows.filter(passes).sort(compare);
    for (const [name, heading] of Object.entries(headings)) {
      heading.setAttribute("aria-sort", name !== order.name ? "none" : order.down ? "descending" : "ascending");
    }
    const runs = new Set(chosen.map((row) => row.digest)).size;
    told.textContent = `${chosen.length} of ${rows.length} rows, ${runs} runs`;
    tellCommand();
    remember();
    show(STEP);
  }

  function tellCommand() {
    const { experiments, corpus, scale } = inputs;
    command.replaceChildren();
    if (!experiments.value) return;
    const given = [corpus, scale].filter((input) => input.value).map((input) => ` --${input.name} ${input.value}`);
    command.append("Recompute with ", element("code", {}, `replica sweep ${experiments.value}${given.join("")}`), ".");
  }

  function show(count) {
    shown = Math.min(count, chosen.length);
    body.replaceChildren(...chosen.slice(0, shown).map((row) => element("tr", {}, ...SHOWN.map((name) => {
      const made = element("td", { class: classOf(name) }, cell(name, row));
      if (name === "digest") made.replaceChildren(element("code", {}, row.digest));
      return made;
    }))));
    more.hidden = shown === chosen.length;
    more.textContent = `Show ${Math.min(STEP, chosen.length - shown)} more`;
  }

  /* The address holds what is chosen, so that a page can link to the runs behind its numbers. */
  const named = (name) => (name === "experiments" ? "experiment" : name);

  function remember() {
    const set = new URLSearchParams();
    for (const [name, input] of Object.entries(inputs)) if (input.value) set.set(named(name), input.value);
    const text = set.toString();
    if (text !== location.hash.slice(1)) history.replaceState(null, "", text ? `#${text}` : location.pathname);
  }

  function recall() {
    const set = new URLSearchParams(location.hash.slice(1));
    for (const [name, input] of Object.entries(inputs)) input.value = set.get(named(name)) || "";
    for (const name of FILTERS) if (inputs[name].selectedIndex < 0) inputs[name].value = "";
    update();
  }

  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(update));
  window.addEventListener("hashchange", recall);
  const linked = location.hash.length > 1;
  recall();
  if (linked) place.scrollIntoView();
})();
