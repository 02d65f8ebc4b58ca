/* Predictions against gold standard and raters, smoothed and fused live.
   Data: explorer/index.js and a script for each recording, written by tools/list_predictions.py. */
"use strict";

(() => {
  const FOLDER = new URL("explorer/", document.currentScript.src);
  const DIMENSIONS = ["arousal", "valence"];

  /* Equation 1 with population moments, as replica.metrics.ccc: NaN where both sides are constant. */
  function ccc(gold, prediction) {
    const n = gold.length;
    const centred = (x) => {
      const fromFirst = Float64Array.from(x, (value) => value - x[0]);
      const mean = fromFirst.reduce((a, b) => a + b, 0) / n;
      return [fromFirst.map((value) => value - mean), x[0] + mean];
    };
    const [[g, meanGold], [p, meanPrediction]] = [centred(gold), centred(prediction)];
    let [covariance, spread] = [0, 0];
    for (let t = 0; t < n; t += 1) {
      covariance += g[t] * p[t];
      spread += g[t] * g[t] + p[t] * p[t];
    }
    return spread > 0 ? (2 * covariance) / (spread + n * (meanGold - meanPrediction) ** 2) : NaN;
  }

  /* Equation 7, as replica.smoothing.exponential_smoothing. */
  function smooth(x, alpha, direction) {
    if (direction === "backward") return smooth(Float64Array.from(x).reverse(), alpha, "forward").reverse();
    const s = Float64Array.from(x);
    for (let t = 1; t < s.length; t += 1) s[t] = alpha * x[t] + (1 - alpha) * s[t - 1];
    return s;
  }

  /* Section 5.7, as replica.late_fusion.LateFusion.predict. */
  function fuse(predictions, weights, intercept) {
    const sum = new Float64Array(predictions[0].length).fill(intercept);
    predictions.forEach((x, k) => x.forEach((value, t) => { sum[t] += weights[k] * value; }));
    return sum;
  }

  function decode(text, step) {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Float64Array.from({ length: bytes.length / 2 }, (_, k) => view.getInt16(2 * k, true) * step);
  }

  window.replicaExplorerMath = { ccc, smooth, fuse, decode };

  const place = document.getElementById("explorer");
  const data = () => window.replicaExplorer || {};
  if (!place || !data().index) return;

  const SVG = "http://www.w3.org/2000/svg";
  const HEIGHT = 320;
  const MARGIN = { left: 40, right: 8, top: 8, bottom: 34 };
  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, text] of Object.entries(attributes)) made.setAttribute(name, text);
    made.append(...children);
    return made;
  };
  const drawn = (tag, attributes, text = "") => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text) made.textContent = text;
    return made;
  };
  const button = (text, act) => {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", act);
    return made;
  };
  const labelled = (text, input) => element("label", {}, text, input);
  const twoDecimals = (value) => (Math.round(100 * value) / 100 + 0).toFixed(2); // + 0, or a small negative is -0.00
  const told = (score) => (Number.isNaN(score) ? "undefined" : score.toFixed(3));

  /* ---- controls ---- */
  const recordings = data().index.flatMap((group) => group.recordings.map((entry) => ({ group, ...entry })));
  const recording = element("select", { id: "explorer-recording" });
  recordings.forEach((r, k) => recording.append(
    element("option", { value: k }, `${r.group.name}, ${r.name} (${r.partition})`)));
  const dimension = element("select", { id: "explorer-dimension" }, ...DIMENSIONS.map((d) => element("option", {}, d)));
  const direction = element("select", { id: "explorer-direction" },
    element("option", {}, "backward"), element("option", {}, "forward"));
  const alpha = element("input", { id: "explorer-alpha", type: "range", min: "0", max: "100", step: "1", value: "100" });
  const alphaTold = element("output", { for: "explorer-alpha" });
  const raters = element("input", { type: "checkbox", id: "explorer-raters", checked: "" });
  const weights = element("div", { class: "explorer-weights" });
  const learned = element("p", { class: "explorer-note" });
  const table = element("tbody");
  const plot = drawn("svg", { role: "img", tabindex: "0", class: "explorer-plot", height: HEIGHT });
  const note = element("p", { class: "explorer-note", role: "status" });
  const origin = element("details", { class: "provenance" });

  place.replaceChildren(
    element("div", { class: "explorer-controls" },
      labelled("recording", recording), labelled("emotion dimension", dimension),
      labelled("direction of smoothing", direction),
      labelled("smoothing factor α ", element("span", { class: "explorer-slider" }, alpha, alphaTold))),
    plot,
    element("div", { class: "explorer-zoom", role: "group", "aria-label": "Time axis" },
      button("+ closer", () => zoom(0.5)), button("− wider", () => zoom(2)), button("← earlier", () => pan(-0.5)),
      button("→ later", () => pan(0.5)), button("whole recording", () => look(0, Infinity)),
      element("label", { class: "explorer-check" }, raters, " raters")),
    note,
    element("div", { class: "explorer-box", role: "region", tabindex: "0", "aria-label": "Scores" },
      element("table", { class: "explorer-table" },
        element("thead", {}, element("tr", {}, ...["shown", "CCC, raw", "CCC, smoothed"].map(
          (text) => element("th", { scope: "col" }, text)))), table)),
    element("fieldset", {}, element("legend", {}, "Weights of the fusion"), weights, element("p", {},
      button("as learned on dev", () => setWeights(fitted().weights, fitted().intercept)), " ",
      button("equal", () => setWeights(fitted().weights.map((_, __, all) => 1 / all.length), 0))), learned),
    origin,
  );
  document.querySelectorAll(".explorer-fallback").forEach((figure) => { figure.hidden = true; });

  /* ---- state ---- */
  let chosen = null; // of one recording and dimension: gold, raters, predictions, as arrays
  let view = [0, Infinity]; // seconds
  let lines = []; // what the plot shows
  const hidden = new Set();

  const current = () => recordings[Number(recording.value)];
  const fitted = () => current().group.fusion[dimension.value];
  const names = () => Object.keys(current().group.subsystems[dimension.value]);
  const smoothing = () => 10 ** ((Number(alpha.value) - 100) / 50); // 0.01 to 1, even in its logarithm
  const sliders = () => [...weights.querySelectorAll("input")];

  function load(file) {
    if (data()[file]) return Promise.resolve(data()[file]);
    return new Promise((resolve, reject) => {
      const made = element("script", { src: new URL(file, FOLDER).href });
      made.onload = () => resolve(data()[file]);
      made.onerror = () => reject(new Error(`${file} could not be read`));
      document.head.append(made);
    });
  }

  async function choose() {
    const { file, group } = current();
    try {
      const all = await load(file);
      if (file !== current().file) return; // another was chosen meanwhile
      const { gold, raters: traces, predictions } = all[dimension.value];
      const decoded = (texts) => texts.map((text) => decode(text, group.step));
      chosen = { gold: decode(gold, group.step), raters: decoded(traces), predictions: decoded(predictions) };
    } catch (error) {
      note.textContent = `${error.message}. Build the book again.`;
      return;
    }
    tellOrigin();
    layWeights();
    look(0, Infinity);
  }

  function layWeights() {
    const { weights: numbers, intercept } = fitted();
    weights.replaceChildren(...[...names(), "intercept"].map((name, k) => {
      const least = name === "intercept" ? 0.5 : 2; // a learned weight may be large where a subsystem hardly moves
      const limit = Math.max(least, Math.ceil(1.5 * Math.abs([...numbers, intercept][k])));
      const slider = element("input", {
        type: "range", step: limit / 200, min: -limit, max: limit, id: `explorer-weight-${k}`,
      });
      const output = element("output", { for: slider.id });
      slider.addEventListener("input", () => { delete slider.dataset.exact; update(); });
      return labelled(name, element("span", { class: "explorer-slider" }, slider, output));
    }));
    learned.textContent = "The learned weights are those of a linear regression on all dev recordings, so that the " +
      "fusion's CCC on a dev recording is flattered; on a test recording it is fair until a slider moves.";
    setWeights(numbers, intercept, false);
  }

  /* A slider has steps; the learned weight is kept beside it exactly until the slider moves. */
  function setWeights(numbers, intercept, redraw = true) {
    sliders().forEach((slider, k) => {
      slider.dataset.exact = [...numbers, intercept][k];
      slider.value = slider.dataset.exact;
    });
    if (redraw) update();
  }

  const weight = (slider) => Number(slider.dataset.exact ?? slider.value);

  function update() {
    if (!chosen) return;
    const values = sliders().map(weight);
    sliders().forEach((slider) => { slider.nextSibling.value = twoDecimals(weight(slider)); });
    const a = smoothing();
    const seconds = a === 1 ? 0 : -current().group.secondsPerFrame / Math.log1p(-a);
    alphaTold.value = a === 1 ? "1 (off)" : `${a.toFixed(3)} (${seconds.toFixed(1)} s)`;
    const all = [...chosen.predictions, fuse(chosen.predictions, values.slice(0, -1), values.at(-1))];
    lines = [...names(), "fusion"].map((name, k) => ({
      name,
      raw: all[k],
      smoothed: smooth(all[k], a, direction.value),
      mark: `explorer-colour-${name === "fusion" ? name : k}${/ ridge$/.test(name) ? " explorer-dashed" : ""}`,
    }));
    score();
    draw();
  }

  function score() {
    table.replaceChildren(...lines.map((line) => {
      const box = element("input", { type: "checkbox" });
      box.checked = !hidden.has(line.name);
      box.addEventListener("change", () => {
        if (box.checked) hidden.delete(line.name); else hidden.add(line.name);
        draw();
      });
      const key = element("span", { class: `explorer-key ${line.mark}`, "aria-hidden": "true" });
      return element("tr", { "data-system": line.name },
        element("th", { scope: "row" }, element("label", {}, box, key, line.name)),
        element("td", { "data-score": "raw" }, told(ccc(chosen.gold, line.raw))),
        element("td", { "data-score": "smoothed" }, told(ccc(chosen.gold, line.smoothed))));
    }));
  }

  /* ---- time axis ---- */
  const lastSecond = () => (chosen.gold.length - 1) * current().group.secondsPerFrame;

  function look(from, to) {
    const end = lastSecond();
    const span = Math.min(Math.max(to - from, 2), end);
    const begin = Math.min(Math.max(from, 0), end - span);
    view = [begin, begin + span];
    update();
  }

  function zoom(factor) {
    const [middle, half] = [(view[0] + view[1]) / 2, (factor * (view[1] - view[0])) / 2];
    look(middle - half, middle + half);
  }

  const pan = (share) => look(view[0] + share * (view[1] - view[0]), view[1] + share * (view[1] - view[0]));

  plot.addEventListener("keydown", (event) => {
    const act = {
      "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), ArrowLeft: () => pan(-0.25),
      ArrowRight: () => pan(0.25), 0: () => look(0, Infinity),
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  /* Drag across the plot to look closer, click twice to see all. */
  let dragged = null;
  const secondAt = (event) => {
    const box = plot.getBoundingClientRect();
    const share = (event.clientX - box.left - MARGIN.left) / (box.width - MARGIN.left - MARGIN.right);
    return view[0] + Math.min(Math.max(share, 0), 1) * (view[1] - view[0]);
  };
  plot.addEventListener("pointerdown", (event) => { dragged = secondAt(event); });
  plot.addEventListener("pointercancel", () => { dragged = null; });
  plot.addEventListener("pointerup", (event) => {
    const [from, to] = [dragged, secondAt(event)].sort((a, b) => a - b);
    if (dragged !== null && to - from > 0.02 * (view[1] - view[0])) look(from, to);
    dragged = null;
  });
  plot.addEventListener("dblclick", () => look(0, Infinity));

  /* ---- plot ---- */
  function draw() {
    const width = Math.max(plot.getBoundingClientRect().width, 260);
    const x = (second) =>
      MARGIN.left + ((second - view[0]) / (view[1] - view[0])) * (width - MARGIN.left - MARGIN.right);
    const y = (value) => MARGIN.top + ((1 - value) / 2) * (HEIGHT - MARGIN.top - MARGIN.bottom);
    const { secondsPerFrame } = current().group;
    const first = Math.max(0, Math.floor(view[0] / secondsPerFrame) - 1);
    const last = Math.min(chosen.gold.length - 1, Math.ceil(view[1] / secondsPerFrame) + 1);
    const path = (values) => {
      const points = [];
      for (let t = first; t <= last; t += 1) points.push(`${x(t * secondsPerFrame).toFixed(1)},${y(values[t]).toFixed(1)}`);
      return points.join(" ");
    };
    const line = (values, kind) => drawn("polyline", { points: path(values), class: `explorer-line ${kind}` });

    plot.replaceChildren();
    plot.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const inner = { x: MARGIN.left, y: MARGIN.top, width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
    const clip = drawn("clipPath", { id: "explorer-clip" });
    clip.append(drawn("rect", inner));
    const shown = drawn("g", { "clip-path": "url(#explorer-clip)" });
    plot.append(clip);
    for (const value of [-1, -0.5, 0, 0.5, 1]) {
      plot.append(drawn("line", { x1: inner.x, x2: inner.x + inner.width, y1: y(value), y2: y(value), class: "explorer-grid" }));
      plot.append(drawn("text", { x: inner.x - 6, y: y(value) + 4, "text-anchor": "end" }, String(value)));
    }
    const every = [0.5, 1, 2, 5, 10, 20, 30, 60].find((step) => (view[1] - view[0]) / step <= width / 70) || 120;
    for (let second = Math.ceil(view[0] / every) * every; second <= view[1] + 1e-9; second += every) {
      plot.append(drawn("text", { x: x(second), y: HEIGHT - MARGIN.bottom + 16, "text-anchor": "middle" }, String(second)));
    }
    plot.append(drawn("text", { x: inner.x + inner.width / 2, y: HEIGHT - 4, "text-anchor": "middle" }, "time (s)"));
    if (raters.checked) for (const trace of chosen.raters) shown.append(line(trace, "explorer-rater"));
    for (const { name, smoothed, mark } of lines) {
      if (!hidden.has(name)) shown.append(line(smoothed, mark));
    }
    shown.append(line(chosen.gold, "explorer-gold"));
    plot.append(shown);
    const seen = lines.map(({ name }) => name).filter((name) => !hidden.has(name)).join("; ");
    plot.setAttribute("aria-label",
      `${dimension.value} from ${view[0].toFixed(0)} to ${view[1].toFixed(0)} s: gold standard` +
      `${raters.checked && chosen.raters.length ? ", raters" : ""}, and predictions of ${seen || "no system"}`);
    note.textContent = `Thick line: gold standard${chosen.raters.length ? "; thin grey lines: the raters" : ""}. ` +
      `Shown ${view[0].toFixed(1)} to ${view[1].toFixed(1)} s; the CCC is over the whole recording.`;
  }

  function tellOrigin() {
    const { group } = current();
    const rows = Object.entries(group.subsystems[dimension.value]).flatMap(([name, digest]) =>
      [element("dt", {}, name), element("dd", {}, element("code", {}, digest))]);
    origin.replaceChildren(
      element("summary", {}, `Provenance: ${group.corpus}, ${group.scale} scale`),
      element("p", {}, group.limits),
      element("dl", {}, ...rows));
  }

  recording.addEventListener("change", choose);
  dimension.addEventListener("change", choose);
  for (const input of [alpha, direction]) input.addEventListener("input", update);
  raters.addEventListener("change", draw);
  new ResizeObserver(() => { if (chosen) draw(); }).observe(plot);
  choose();
})();
