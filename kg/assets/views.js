// Views of SPARQL results: table, chart, and with the server's help map, timeline and network of the things named.
(function () {
  "use strict";
  function read(id) { var found = document.getElementById(id); return found ? JSON.parse(found.textContent) : null; }
  var setup = read("sparql-setup"), words = read("words");

  function element(name, attributes) {
    var made = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    for (var n = 2; n < arguments.length; n++) { made.append(arguments[n]); }
    return made;
  }
  function short(iri) {
    var best = "";
    Object.keys(setup.prefixes).forEach(function (p) {
      var namespace = setup.prefixes[p];
      if (iri.indexOf(namespace) === 0 && iri.length > namespace.length && namespace.length > (setup.prefixes[best] || "").length) { best = p; }
    });
    return best ? best + ":" + iri.slice(setup.prefixes[best].length) : iri;
  }
  function page(iri) {
    if (iri.indexOf(setup.id) === 0) { return setup.top + iri.slice(setup.id.length); }
    if (iri.indexOf(setup.article) === 0) { return setup.top + "article/" + iri.slice(setup.article.length); }
    return /^https?:/.test(iri) && iri.indexOf(setup.base) !== 0 ? iri : "";
  }
  function cell(term) {
    var box = element("td");
    if (!term) { return box; }
    if (term.type === "uri") {
      var href = page(term.value);
      box.append(href ? element("a", { href: href }, short(term.value)) : short(term.value));
    } else {
      if (term["xml:lang"]) { box.lang = term["xml:lang"]; }
      if (number(term) !== null) { box.className = "number"; }
      box.append(term.value);
    }
    return box;
  }
  function number(term) {
    if (!term || !term.datatype || !/#(integer|decimal|double|float|int|long|nonNegativeInteger)$/.test(term.datatype)) { return null; }
    var value = Number(term.value);
    return isFinite(value) ? value : null;
  }

  function table(results, box) {
    if ("boolean" in results) { box.append(element("p", { class: "lead" }, String(results.boolean))); return; }
    var vars = results.head.vars, rows = results.results.bindings;
    var body = element("tbody"), head = element("tr");
    vars.forEach(function (name) { head.append(element("th", { scope: "col" }, name)); });
    rows.slice(0, 1000).forEach(function (row) {
      var line = element("tr");
      vars.forEach(function (name) { line.append(cell(row[name])); });
      body.append(line);
    });
    box.append(element("p", { role: "status" }, words.rows.replace("{n}", rows.length)),
      element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": words.answer },
        element("table", { class: "facts differ" }, element("thead", {}, head), body)));
  }

  function columns(results) {
    var rows = results.results ? results.results.bindings : [], vars = results.results ? results.head.vars : [];
    var numeric = vars.filter(function (v) { return rows.some(function (r) { return number(r[v]) !== null; }); });
    var label = vars.filter(function (v) { return numeric.indexOf(v) < 0 && rows.some(function (r) { return r[v] && r[v].type !== "bnode" && !/^POINT/i.test(r[v].value); }); });
    var things = rows.some(function (r) { return vars.some(function (v) { return r[v] && r[v].type === "uri" && r[v].value.indexOf(setup.id) === 0; }); });
    return { rows: rows, vars: vars, numeric: numeric, label: label, things: things };
  }

  // Bars: the first column of text against the first of numbers.
  function chart(results, box) {
    var found = columns(results), label = found.label[0], value = found.numeric[0];
    var rows = found.rows.filter(function (r) { return number(r[value]) !== null; }).slice(0, 60);
    var most = Math.max.apply(null, rows.map(function (r) { return number(r[value]); }).concat([1e-9]));
    var height = rows.length * 24 + 8, ns = "http://www.w3.org/2000/svg";
    function draw(name, attributes, text) {
      var made = document.createElementNS(ns, name);
      Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
      if (text !== undefined) { made.textContent = text; }
      return made;
    }
    var svg = draw("svg", { class: "timeline chart", viewBox: "0 0 980 " + height, role: "img", "aria-label": label + ", " + value });
    rows.forEach(function (r, n) {
      var y = n * 24 + 4, text = label && r[label] ? (r[label].type === "uri" ? short(r[label].value) : r[label].value) : String(n + 1);
      var width = Math.max(1, number(r[value]) / most * 560);
      svg.append(draw("text", { x: 318, y: y + 14, "text-anchor": "end" }, text.length > 48 ? text.slice(0, 47) + "…" : text),
        draw("rect", { class: "work", x: 326, y: y + 3, width: width.toFixed(1), height: 14 }),
        draw("text", { class: "tick", x: 332 + width, y: y + 14 }, r[value].value));
    });
    box.append(element("div", { class: "lines" }, svg));
    box.append(window.presence.saveButtons(svg, words, "chart"));
  }

  function things(results) {
    var found = columns(results), seen = {};
    found.rows.forEach(function (r) { found.vars.forEach(function (v) { if (r[v] && r[v].type === "uri" && r[v].value.indexOf(setup.id) === 0) { seen[r[v].value] = true; } }); });
    return Object.keys(seen).slice(0, 2000);
  }
  function asked(kind, results, box, act) {
    var told = element("p", { role: "status" }, "…");
    box.append(told);
    fetch(setup.top + "view/" + kind, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(things(results)) })
      .then(function (answer) { return answer.ok ? answer.json() : answer.text().then(function (text) { throw new Error(text); }); })
      .then(function (data) { told.remove(); act(data); }, function (error) { told.textContent = error.message; });
  }
  function map(results, box) {
    asked("map", results, box, function (data) {
      var holder = element("figure"), inner = element("div", { class: "mapbox" });
      holder.append(inner); box.append(holder);
      fetch(setup.world).then(function (answer) { return answer.json(); }).then(function (world) {
        window.presence.drawMap(inner, world, data, Object.assign({}, words, { permalink: "" }), false);
      });
    });
  }
  function timeline(results, box) {
    asked("timeline", results, box, function (data) {
      // The drawing is ours, made and escaped on the server.
      var parsed = new DOMParser().parseFromString(data.html, "text/html");
      box.append.apply(box, Array.prototype.slice.call(parsed.body.childNodes));
      var svg = box.querySelector(".lines svg");
      if (svg) { box.append(window.presence.saveButtons(svg, Object.assign({}, words, { permalink: "" }), "timeline")); }
    });
  }
  function network(results, box) {
    asked("network", results, box, function (data) {
      function draw() {
        var holder = element("div", { class: "picture", "data-label": words.network });
        var panel = element("div", { "aria-live": "polite" });
        box.append(holder, panel);
        window.drawNetwork(holder, data, panel);
      }
      if (window.vis) { draw(); return; }
      var left = 2;
      setup.network.forEach(function (address) {
        var script = element("script", { src: address });
        script.onload = function () { left -= 1; if (!left) { draw(); } };
        script.async = false;
        document.head.append(script);
      });
    });
  }
  window.resultViews = {
    table: { draw: table, fits: function () { return true; } },
    map: { draw: map, fits: function (r) { return columns(r).things; } },
    chart: { draw: chart, fits: function (r) { var c = columns(r); return c.numeric.length > 0 && c.label.length > 0; } },
    network: { draw: network, fits: function (r) { return columns(r).things; } },
    timeline: { draw: timeline, fits: function (r) { return columns(r).things; } },
  };
  window.thingPage = page; window.sparqlSetup = setup; window.sparqlWords = words; window.makeElement = element;
})();
