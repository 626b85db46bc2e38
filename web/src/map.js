// The map of establishments: a world drawn by d3-geo, places joined into clusters, a year slider, filters, a permalink.
// What it shows comes as data; every text goes in as text, never as markup.
import { geoEqualEarth, geoGraticule10, geoPath } from "d3-geo";
import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import Supercluster from "supercluster";
import { feature, mesh } from "topojson-client";
import { saveButtons } from "./save.js";
import { fromHash, toHash } from "./state.js";

const WIDTH = 960, HEIGHT = 468, CLUSTER = 26;
const FILTERS = ["organization", "form", "status", "focus", "region"];

// Whether an establishment stood on a day: "sure", "maybe" (a date that is not known leaves room) or "" (no).
// The rule is that of the question who-is-in.
export function stood(row, day) {
  const [from, fromLatest, to, toEarliest] = row.dates;
  if (from && from > day) return "";
  if (to && to < day) return "";
  if (!from && (row.status === "planned" || row.status === "proposed")) return "";
  const began = fromLatest && fromLatest <= day;
  const lasts = toEarliest ? toEarliest >= day : row.status === "operating";
  return began && lasts ? "sure" : "maybe";
}

function rows(data) {
  return data.rows.map(([place, organization, form, status, dates, focus, label, href]) => ({
    place, organization, form: data.forms[form] && data.forms[form][0], status: status < 0 ? "" : data.statuses[status][0],
    dates, focus: focus.map((n) => data.themes[n][0]), label, href,
    region: data.places[place][4].map((n) => data.regions[n][0]),
  }));
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === true) made.setAttribute(key, ""); else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// Numbers as people read them, and short ones for circles.
const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
const brief = (n) => (n < 1000 ? n : n < 9950 ? `${(n / 1000).toFixed(1)}k` : `${Math.round(n / 1000)}k`);
// Areas go by number, the largest fits the picture; a number stands where it fits.
const size = (n, most) => (n < 2 ? 4 : Math.max(n < 10 ? 6.5 : n < 100 ? 8.2 : 10.5, Math.min(26, 10 + most / 20) * Math.sqrt(n / most)));

// permalink: whether the address keeps what is shown.
export function drawMap(box, world, data, words, permalink = true) {
  const keep = permalink ? toHash : () => {};
  // Of very many establishments the server counts by place what fits the filters, and lists one place at a time.
  const counted = data.counted || "", number = new Map(data.places.map((p, n) => [p[5], n]));
  let asked = 0;
  const all = rows(data);
  const whole = { year: "", organization: "", form: "", status: "", focus: "", region: "", unknown: "1", at: "" };
  const state = permalink ? fromHash(whole) : whole;
  const years = data.years, last = years[1];

  // -------- the controls
  const controls = element("form", { class: "controls", "aria-label": words.filters });
  const fields = {};
  const options = {
    organization: data.organizations.map((o) => [o[0], o[0]]).sort((a, b) => a[1].localeCompare(b[1])),
    form: data.forms, status: data.statuses, focus: data.themes, region: data.regions,
  };
  for (const name of FILTERS) {
    let field;
    if (name === "organization") {
      const list = element("datalist", { id: "map-organizations" }, ...options[name].map(([v]) => element("option", { value: v })));
      field = element("input", { type: "search", list: counted ? null : "map-organizations", autocomplete: "off", placeholder: words.any });
      controls.append(list);
    } else {
      field = element("select", {}, element("option", { value: "" }, words.any),
        ...options[name].map(([value, label]) => element("option", { value }, label)));
    }
    field.value = state[name];
    field.addEventListener("input", () => { state[name] = field.value; draw(); });
    fields[name] = field;
    controls.append(element("label", {}, element("span", {}, words[name]), field));
  }
  controls.addEventListener("submit", (event) => event.preventDefault());
  const slider = element("input", { type: "range", min: years[0], max: last, step: 1, value: state.year || last, "aria-label": words.year });
  const said = element("output", { class: "year" });
  const play = element("button", { type: "button", class: "play", "aria-pressed": "false" }, words.play);
  const now = element("button", { type: "button" }, words.now);
  const unknown = element("input", { type: "checkbox" });
  unknown.checked = state.unknown !== "0";
  const time = element("div", { class: "time" }, play, slider, said, now,
    element("label", { class: "check" }, unknown, element("span", {}, words.unknown)));
  let timer = 0;
  const year = (value) => { state.year = value; slider.value = value || last; draw(); };
  const stop = () => { clearInterval(timer); timer = 0; play.textContent = words.play; play.setAttribute("aria-pressed", "false"); };
  slider.addEventListener("input", () => { stop(); year(slider.value); });
  now.addEventListener("click", () => { stop(); year(""); });
  unknown.addEventListener("change", () => { state.unknown = unknown.checked ? "1" : "0"; draw(); });
  play.addEventListener("click", () => {
    if (timer) { stop(); return; }
    play.textContent = words.stop; play.setAttribute("aria-pressed", "true");
    year(String(Number(slider.value) >= last ? years[0] : slider.value));
    timer = setInterval(() => {
      const next = Number(slider.value) + 1;
      if (next > last) { stop(); return; }
      year(String(next));
    }, 350);
  });

  // -------- the picture
  const svg = select(box).append("svg").attr("class", "world").attr("viewBox", `0 0 ${WIDTH} ${HEIGHT}`)
    .attr("role", "group").attr("aria-label", words.map);
  const projection = geoEqualEarth().rotate([-11, 0]).fitExtent([[4, 4], [WIDTH - 4, HEIGHT + 26]], { type: "Sphere" });
  const path = geoPath(projection);
  const ground = svg.append("g");
  ground.append("path").attr("class", "sea").attr("d", path({ type: "Sphere" }));
  ground.append("path").attr("class", "grid").attr("d", path(geoGraticule10()));
  ground.append("path").attr("class", "land").attr("d", path(feature(world, world.objects.countries)));
  ground.append("path").attr("class", "border").attr("d", path(mesh(world, world.objects.countries, (a, b) => a !== b)));
  const spots = svg.append("g");
  const panel = element("div", { class: "panel", "aria-live": "polite" });
  const told = element("p", { class: "told", role: "status" });
  let transform = zoomIdentity;

  const zooming = zoom().scaleExtent([1, 40]).translateExtent([[0, 0], [WIDTH, HEIGHT]])
    // The wheel scrolls the page unless Ctrl is held, as on other maps; the buttons and the keyboard come closer too.
    .filter((event) => (event.type === "wheel" ? event.ctrlKey || transform.k > 1.01 : !event.button) && !(event.touches && event.touches.length < 2 && transform.k < 1.01))
    .on("zoom", (event) => { transform = event.transform; ground.attr("transform", transform); place(); })
    .on("end", () => { state.at = transform.k > 1.01 ? [transform.x, transform.y, transform.k].map((n) => n.toFixed(2)).join(",") : ""; keep(state); });
  svg.call(zooming).on("dblclick.zoom", null);
  const step = (factor) => svg.call(zooming.scaleBy, factor);
  const buttons = element("div", { class: "zoom" },
    ...[["+", words.closer, () => step(1.8)], ["−", words.farther, () => step(1 / 1.8)], ["⤢", words.whole, () => svg.call(zooming.transform, zoomIdentity)]]
      .map(([sign, title, act]) => { const b = element("button", { type: "button", "aria-label": title, title }, sign); b.addEventListener("click", act); return b; }));

  // On a phone the picture is small, but not the finger nor the eye.
  const scale = () => Math.min(2.4, Math.max(1, (WIDTH * 0.75) / (box.clientWidth || WIDTH)));
  let drawn = 1;
  addEventListener("resize", () => { if (Math.abs(scale() - drawn) > 0.05) draw(); });
  let index = null;
  const reduce = { map: (p) => ({ n: p.n, sure: p.sure }), reduce: (a, p) => { a.n += p.n; a.sure += p.sure; } };

  function draw() {
    drawn = scale();
    keep(state);
    if (counted) { count(); return; }
    const day = state.year ? `${state.year}-12-31` : "";
    const shown = all.filter((row) => {
      for (const name of ["form", "status"]) if (state[name] && row[name] !== state[name]) return false;
      if (state.focus && !row.focus.includes(state.focus)) return false;
      if (state.region && !row.region.includes(state.region)) return false;
      if (state.organization && !data.organizations[row.organization][0].toLowerCase().includes(state.organization.toLowerCase())) return false;
      row.how = day ? stood(row, day) : row.status === "closed" && !state.status ? "" : row.status === "operating" ? "sure" : "maybe";
      return row.how === "sure" || (row.how === "maybe" && (unknown.checked || !day));
    });
    const by = new Map();
    for (const row of shown) { if (!by.has(row.place)) by.set(row.place, []); by.get(row.place).push(row); }
    draw.by = by;
    show([...by].map(([place, list]) => ({ place, n: list.length, sure: list.filter((r) => r.how === "sure").length })));
  }

  function filters() {
    const given = new URLSearchParams();
    for (const name of ["year", "unknown", ...FILTERS]) if (state[name]) given.set(name, state[name]);
    return given;
  }
  async function fetched(address, given) {
    const answer = await fetch(`${address}?${given}`);
    if (!answer.ok) throw new Error((await answer.text()).trim());
    return answer.json();
  }
  const group = ([path, n, sure]) => ({ place: number.get(path), n, sure });
  async function count() {
    const mine = ++asked;
    const first = data.counts && ![...filters()].some(([name, value]) => name !== "unknown" || value === "0") ? data.counts : null;
    try {
      const found = first || await fetched(counted, filters());
      if (mine === asked) show(found.map(group).filter((g) => g.place !== undefined));
    } catch (error) { if (mine === asked) told.textContent = words.failed.replace("{told}", error.message); }
  }

  // Groups: establishments by place, with the number of those that are certain.
  function show(groups) {
    const points = groups.filter((g) => data.places[g.place][1] != null).map((g) => ({
      type: "Feature", geometry: { type: "Point", coordinates: [data.places[g.place][1], data.places[g.place][2]] }, properties: g,
    }));
    index = new Supercluster({ radius: CLUSTER * scale(), extent: 256, maxZoom: 7, ...reduce }).load(points);
    said.textContent = state.year || words.now;
    now.hidden = !state.year;
    const sum = (list, of) => list.reduce((total, g) => total + of(g), 0), n = sum(groups, (g) => g.n);
    const placed = sum(points, (p) => p.properties.n);
    told.textContent = words.told.replace("{n}", grouped(n)).replace("{sure}", grouped(sum(groups, (g) => g.sure))).replace("{places}", grouped(points.length))
      + (placed < n ? " " + words.unplaced.replace("{n}", grouped(n - placed)) : "") + (data.told ? " " + data.told : "");
    place(); list(groups);
  }

  // Circles keep their size while the ground grows, so they are placed again at each step.
  function place() {
    if (!index) return;
    const level = Math.max(0, Math.min(8, Math.round(Math.log2(transform.k) + 1)));
    const clusters = index.getClusters([-180, -85, 180, 85], level).map((c) => {
      const [x, y] = transform.apply(projection(c.geometry.coordinates));
      return { c, x, y, p: c.properties };
    }).filter((d) => d.x > -30 && d.x < WIDTH + 30 && d.y > -30 && d.y < HEIGHT + 30).sort((a, b) => b.p.n - a.p.n);
    const most = Math.max(1, ...clusters.map((d) => d.p.n));
    const key = (d) => (d.p.cluster ? `c${d.p.cluster_id}` : `p${d.p.place}`);
    const made = spots.selectAll("g.spot").data(clusters, key).join((enter) => {
      const g = enter.append("g").attr("class", "spot").attr("tabindex", 0).attr("role", "button");
      g.append("circle"); g.append("text").attr("dy", ".35em").attr("text-anchor", "middle");
      g.append("title");
      g.on("click", (event, d) => open(d)).on("keydown", (event, d) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(d); }
      });
      return g;
    });
    const name = (d) => (d.p.cluster ? words.cluster.replace("{n}", grouped(d.p.n)).replace("{places}", d.p.point_count) : `${data.places[d.p.place][0]}: ${grouped(d.p.n)}`);
    made.attr("transform", (d) => `translate(${d.x},${d.y})`).attr("aria-label", name)
      .classed("many", (d) => d.p.cluster).classed("open", (d) => !d.p.sure);
    made.select("circle").attr("r", (d) => drawn * (d.p.n < 2 ? 4 : d.r = size(d.p.n, most)));
    made.select("text").attr("font-size", 9.5 * drawn).text((d) => (d.p.n > 1 && 2 * d.r > 5.6 * String(brief(d.p.n)).length + 1 ? brief(d.p.n) : ""));
    made.select("title").text(name);
  }

  function open(d) {
    if (d.p.cluster) {
      const zoomTo = Math.min(40, 2 ** (index.getClusterExpansionZoom(d.p.cluster_id) - 1) * 1.05);
      if (zoomTo > transform.k) {
        const [x, y] = projection(d.c.geometry.coordinates);
        svg.call(zooming.transform, zoomIdentity.translate(WIDTH / 2, HEIGHT / 2).scale(zoomTo).translate(-x, -y));
        return;
      }
    }
    const places = d.p.cluster ? index.getLeaves(d.p.cluster_id, 50).map((l) => l.properties.place) : [d.p.place];
    if (counted) { listed(places[0]); return; }
    panel.replaceChildren(...places.flatMap((n) => [
      element("h3", {}, link(data.places[n][0], data.places[n][3])),
      element("ul", {}, ...draw.by.get(n).map(line)),
    ]));
  }
  async function listed(n) {
    const given = filters();
    given.set("place", data.places[n][5]);
    panel.replaceChildren(element("p", { class: "soft" }, words.waiting));
    try {
      const found = await fetched(data.listed, given);
      panel.replaceChildren(element("h3", {}, link(data.places[n][0], data.places[n][3]), element("span", { class: "soft" }, ` ${grouped(found.total)}`)),
        ...(found.told ? [element("p", { class: "soft small" }, found.told)] : []),
        element("ul", {}, ...found.rows.map(([label, href, status, dates, how]) => element("li", { class: how }, link(label, href),
          element("span", { class: "soft" }, ` ${[status, dates].filter(Boolean).join(" · ")}`)))));
    } catch (error) { panel.replaceChildren(element("p", { class: "warning" }, words.failed.replace("{told}", error.message))); }
  }
  const link = (text, href) => (href ? element("a", { href }, text) : document.createTextNode(text));
  const status = Object.fromEntries(data.statuses);
  function line(row) {
    const dates = row.dates[4] || "";
    return element("li", { class: row.how }, link(row.label || `${data.organizations[row.organization][0]}: ${(data.forms.find((f) => f[0] === row.form) || ["", ""])[1]}`, row.href),
      element("span", { class: "soft" }, ` ${[status[row.status], dates].filter(Boolean).join(" · ")}`));
  }

  // The same in words, for those who do not see the map; the busiest places first.
  function list(groups) {
    const busiest = [...groups].sort((a, b) => b.n - a.n || a.place - b.place).slice(0, 12);
    panel.replaceChildren(element("h3", {}, words.busiest), element("ol", { class: "busiest" }, ...busiest.map((g) => {
      const button = element("button", { type: "button" }, data.places[g.place][0]);
      button.addEventListener("click", () => open({ p: { place: g.place } }));
      return element("li", {}, button, element("span", { class: "soft" }, ` ${grouped(g.n)}`));
    })));
  }

  box.append(buttons);
  const figure = box.parentElement;
  figure.insertBefore(controls, box);
  figure.insertBefore(time, box);
  box.after(told, panel);
  told.after(saveButtons(svg.node(), words, data.title || "map", () => `${data.title || ""} · ${said.textContent}`));
  draw();
  if (state.at) {
    const [x, y, k] = state.at.split(",").map(Number);
    if ([x, y, k].every(Number.isFinite)) svg.call(zooming.transform, zoomIdentity.translate(x, y).scale(Math.min(40, Math.max(1, k))));
  }
}
