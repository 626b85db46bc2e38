// The SPARQL page: YASGUI where it is built, else a plain editor; the ready questions beside it; links to what one sees.
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  var setup = window.sparqlSetup, words = window.sparqlWords, element = window.makeElement, views = window.resultViews;
  var given = new URLSearchParams(location.hash.slice(1));
  var first = declared(given.get("query") || setup.example);
  // The endpoint knows the prefixes; the editor's own check does not, nor do other endpoints.
  function declared(text) {
    var plainText = text.replace(/<[^<>\s]*>|"[^"\n]*"|#[^\n]*/g, " ");
    var missing = Object.keys(setup.prefixes).filter(function (p) {
      return new RegExp("(^|[^\\w:])" + p + ":[\\w]").test(plainText) && !new RegExp("PREFIX\\s+" + p + ":", "i").test(text);
    });
    return missing.map(function (p) { return "PREFIX " + p + ": <" + setup.prefixes[p] + ">\n"; }).join("") + text;
  }
  var plain = document.getElementById("plain"), area = document.getElementById("query");
  var editor;
  function keep(query, view) {
    var kept = new URLSearchParams();
    kept.set("query", query);
    if (view && view !== "table") { kept.set("view", view); }
    history.replaceState(null, "", "#" + kept.toString());
  }

  function byLabel(text) {
    var folded = text.toLowerCase(), found = [];
    ["classes", "properties", "concepts"].forEach(function (sort) {
      setup.terms[sort].forEach(function (term) {
        var iri = term[0], labels = term.slice(1);
        var local = iri.slice(iri.lastIndexOf(iri.indexOf("#") > 0 ? "#" : "/") + 1).toLowerCase();
        var best = local.indexOf(folded) === 0 ? 0 : labels.some(function (l) { return l.toLowerCase().indexOf(folded) === 0; }) ? 1
          : labels.some(function (l) { return l.toLowerCase().split(" ").some(function (w) { return w.indexOf(folded) === 0; }); }) ? 2 : -1;
        if (best >= 0) { found.push([best, iri, labels[0]]); }
      });
    });
    return found.sort(function (a, b) { return a[0] - b[0] || a[1].length - b[1].length; }).slice(0, 20);
  }
  function written(iri) {
    var io = setup.prefixes.io;
    return iri.indexOf(io) === 0 ? "io:" + iri.slice(io.length) : "<" + iri + ">";
  }

  function withYasgui() {
    var box = document.getElementById("yasgui"), labels = {}, endpoint = new URL(setup.endpoint, location.href).href;
    plain.hidden = true;
    Object.keys(views).forEach(function (name) {
      if (name === "table") { return; }
      function View(yasr) { this.yasr = yasr; this.priority = 5; this.label = words["view-" + name]; this.hideFromSelection = false; }
      View.prototype.results = function () { try { return this.yasr.results && this.yasr.results.getAsJson(); } catch (error) { return null; } };
      View.prototype.canHandleResults = function () { var r = this.results(); return Boolean(r && r.results && views[name].fits(r)); };
      View.prototype.draw = function () {
        var holder = element("div", { class: "view" });
        this.yasr.resultsEl.replaceChildren(holder);
        views[name].draw(this.results(), holder);
        keep(editor.getTab().getYasqe().getValue(), name);
      };
      View.prototype.getIcon = function () { return element("div", { class: "view-icon", "aria-hidden": "true" }, { map: "◍", chart: "▥", network: "⁂", timeline: "⟷" }[name]); };
      Yasgui.Yasr.registerPlugin(name, View);
    });
    function word(yasqe) {
      var at = yasqe.getDoc().getCursor(), before = yasqe.getLine(at.line).slice(0, at.ch);
      var text = (/(^|[\s({,;./|^!])([\p{L}<][\p{L}\p{N}_:/.#-]*)$/u.exec(before) || ["", "", ""])[2];
      return { text: text, start: at.ch - text.length, end: at.ch };
    }
    var completer = {
      name: "presence", bulk: false, autoShow: true,
      isValidCompletionPosition: function (yasqe) {
        var type = yasqe.getCompleteToken().type;
        return type !== "comment" && type !== "string" && word(yasqe).text.length > 1 && !/^[A-Z]+$/.test(word(yasqe).text);
      },
      // The editor's own words end at each Cyrillic letter.
      preProcessToken: function (yasqe, token) {
        var found = word(yasqe);
        return Object.assign({}, token, {
          autocompletionString: found.text.replace(/^<?(https?:\S*[/#])?/, "").replace(/^\w+:/, ""),
          from: { ch: found.start }, to: { ch: found.end },
        });
      },
      get: function (yasqe, token) {
        var text = token ? token.autocompletionString : "";
        if (!text || text.length < 2) { return []; }
        var found = byLabel(text).map(function (term) { labels[term[1]] = term[2]; return term[1]; });
        return fetch(setup.top + "suggest?quotes=0&q=" + encodeURIComponent(text))
          .then(function (answer) { return answer.json(); })
          .then(function (hits) {
            hits.forEach(function (hit) { labels[hit.iri] = hit.text + " · " + hit.kind; found.push(hit.iri); });
            return found;
          }, function () { return found; });
      },
      postProcessSuggestion: function (yasqe, token, iri) { return written(iri); },
      postprocessHints: function (yasqe, hints) {
        return hints.map(function (hint) {
          var iri = hint.text.replace(/^<|>$/g, "").replace(/^io:/, setup.prefixes.io);
          // What is put in by a name of ours needs its prefix, for the editor's own check.
          hint.hint = function (cm, all, chosen) {
            var at = cm.getCursor();
            cm.replaceRange(chosen.text, { line: at.line, ch: chosen.from.ch }, at);
            if (chosen.text.indexOf("io:") === 0) { yasqe.addPrefixes({ io: setup.prefixes.io }); }
          };
          hint.displayText = (labels[iri] ? labels[iri] + "   " : "") + hint.text;
          return hint;
        });
      },
    };
    Yasgui.Yasqe.registerAutocompleter(completer);
    Yasgui.Yasqe.defaults.autocompleters = ["variables", "presence"];
    editor = new Yasgui(box, {
      requestConfig: { endpoint: endpoint, method: "POST", headers: {} },
      endpointCatalogueOptions: { getData: function () { return [{ endpoint: endpoint }]; } },
      populateFromUrl: false, autofocus: false, persistenceId: null, copyEndpointOnNewTab: true, tabName: words.query,
      yasqe: { value: first, autocompleters: ["variables", "presence"], createShareableLink: function (yasqe) { keep(yasqe.getValue()); return location.href; }, consumeShareLink: null, createShortLink: undefined, resizeable: true },
      yasr: { prefixes: setup.prefixes, pluginOrder: ["table", "map", "chart", "network", "timeline", "response"], defaultPlugin: "table", persistenceId: null },
    });
    function watch(tab) {
      var yasqe = tab.getYasqe();
      yasqe.getInputField().setAttribute("aria-label", words.query);
      var marks = [];
      yasqe.on("query", function () { marks.forEach(function (mark) { mark.clear(); }); marks = []; keep(yasqe.getValue()); });
      yasqe.on("queryResponse", function (instance, response) {
        var text = response instanceof Error ? response.message : "";
        var at = /line (\d+), column (\d+)/.exec(String(text));
        if (at) {
          var line = Math.min(at[1], yasqe.lineCount()) - 1;
          // At the end of a line its last character is marked, or nothing would be seen.
          var from = { line: line, ch: Math.max(0, Math.min(at[2] - 1, yasqe.getLine(line).length - 1)) };
          marks.push(yasqe.markText(from, { line: from.line, ch: from.ch + 12 }, { className: "wrong", title: String(text).split("\n")[0] }));
          yasqe.setCursor(from);
        }
      });
    }
    watch(editor.getTab());
    editor.on("tabSelect", function () { setTimeout(function () { tidy(box); }, 50); });
    editor.getTab().getYasqe().setValue(first);
    if (given.get("view") && views[given.get("view")]) {
      var yasr = editor.getTab().getYasr(), wanted = given.get("view");
      yasr.once("drawn", function () { setTimeout(function () { if (yasr.getSelectedPluginName() !== wanted) { yasr.selectPlugin(wanted); yasr.draw(); } }, 0); });
    }
    if (given.get("query")) { editor.getTab().query().catch(function () {}); }
    tidy(box);
    // Things of ours open their page here, not the address on the web.
    box.addEventListener("click", function (event) {
      var link = event.target.closest("a[href]"), href = link && window.thingPage(link.href);
      if (href && href !== link.href) { event.preventDefault(); window.open(href, event.ctrlKey || event.metaKey ? "_blank" : "_self"); }
    });
  }
  // Names for what YASGUI leaves without one.
  function tidy(box) {
    box.querySelectorAll(".tabsList").forEach(function (list) { list.removeAttribute("role"); });
    box.querySelectorAll(".tabsList [role=tab]").forEach(function (tab) { tab.removeAttribute("role"); tab.removeAttribute("aria-selected"); });
    box.querySelectorAll(".tabPanel[role]").forEach(function (panel) { panel.removeAttribute("role"); });
    box.querySelectorAll(".CodeMirror-scroll").forEach(function (area) { area.tabIndex = 0; area.setAttribute("role", "region"); area.setAttribute("aria-label", words.query); });
    box.querySelectorAll("button:not([aria-label]), input:not([aria-label]), a:not([aria-label])").forEach(function (part) {
      if (!part.textContent.trim() && !part.getAttribute("title")) { part.setAttribute("aria-label", part.className.split(" ")[0] || "button"); }
      else if (!part.textContent.trim()) { part.setAttribute("aria-label", part.getAttribute("title")); }
    });
  }

  function withoutYasgui() {
    area.value = first;
    var out = document.getElementById("results");
    function show(results, view) {
      out.replaceChildren();
      var bar = element("p", { class: "inline" });
      Object.keys(views).forEach(function (name) {
        if (!views[name].fits(results)) { return; }
        var button = element("button", { type: "button", "aria-pressed": String(name === view) }, words["view-" + name]);
        button.addEventListener("click", function () { keep(area.value, name); show(results, name); });
        bar.append(button);
      });
      var holder = element("div");
      out.append(bar, holder);
      views[view].draw(results, holder);
    }
    function run(view) {
      keep(area.value, view);
      out.replaceChildren(element("p", { role: "status" }, "…"));
      fetch(setup.endpoint, { method: "POST", headers: { Accept: "application/sparql-results+json, text/turtle;q=0.5", "Content-Type": "application/sparql-query" }, body: area.value })
        .then(function (answer) { return answer.text().then(function (text) {
          if (!answer.ok) { throw new Error(text); }
          if (/json/.test(answer.headers.get("Content-Type"))) { show(JSON.parse(text), view && views[view] ? view : "table"); }
          else { out.replaceChildren(element("pre", { tabindex: "0" }, text)); }
        }); })
        .catch(function (error) {
          out.replaceChildren(element("pre", { class: "warning", role: "alert" }, error.message));
          var at = /line (\d+), column (\d+)/.exec(error.message);
          if (at) {
            var lines = area.value.split("\n"), start = 0;
            for (var n = 0; n < at[1] - 1; n++) { start += lines[n].length + 1; }
            area.focus(); area.setSelectionRange(start + at[2] - 1, start + Math.min((lines[at[1] - 1] || "").length, at[2] - 1 + 12));
          }
        });
    }
    plain.addEventListener("submit", function (event) { event.preventDefault(); run(); });
    editor = { set: function (text) { area.value = text; run(); } };
    if (given.get("query")) { run(given.get("view")); }
  }

  document.querySelectorAll("form[data-question]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var told = form.querySelector("[role=alert]");
      told.textContent = "";
      fetch(form.action + "?" + new URLSearchParams(new FormData(form)).toString())
        .then(function (answer) { return answer.text().then(function (text) { if (!answer.ok) { throw new Error(text); } return text; }); })
        .then(function (text) {
          if (editor.set) { editor.set(text); }
          else { editor.getTab().getYasqe().setValue(text); editor.getTab().query().catch(function () {}); }
          document.getElementById("content").scrollIntoView();
        }, function (error) { told.textContent = error.message; });
    });
  });
  if (window.Yasgui) { withYasgui(); } else { withoutYasgui(); }
});
