// What pages do: light or dark, the menu of a phone, suggestions as one types, copying. Everything works without it.
(function () {
  "use strict";
  var root = document.documentElement, key = "theme";
  root.classList.add("js");
  function kept() { try { return localStorage.getItem(key); } catch (error) { return null; } }
  function dark() { return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches; }
  if (kept() === "light" || kept() === "dark") { root.dataset.theme = kept(); }

  function suggest(input) {
    var list = document.createElement("ul"), timer = 0, asked = 0, chosen = -1, hits = [];
    var id = "suggestions-" + Math.random().toString(36).slice(2);
    list.id = id; list.className = "suggestions"; list.hidden = true; list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.placeholder || input.name);
    input.setAttribute("role", "combobox"); input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", id); input.setAttribute("aria-expanded", "false");
    input.closest("label").after(list);
    if (!input.closest(".find")) { input.closest("label").append(list); }
    function open(now) { list.hidden = !now; input.setAttribute("aria-expanded", String(now)); if (!now) { choose(-1); } }
    function choose(n) {
      chosen = n;
      Array.prototype.forEach.call(list.children, function (item, place) { item.setAttribute("aria-selected", String(place === n)); });
      if (n >= 0) { input.setAttribute("aria-activedescendant", list.children[n].id); list.children[n].scrollIntoView({ block: "nearest" }); }
      else { input.removeAttribute("aria-activedescendant"); }
    }
    function take(n) {
      if ("fill" in input.dataset) { input.value = hits[n].id || hits[n].text; open(false); } else { location.href = hits[n].href; }
    }
    function show(found) {
      hits = found; list.replaceChildren();
      found.forEach(function (hit, n) {
        var item = document.createElement("li"), more = document.createElement("small");
        item.id = id + "-" + n; item.setAttribute("role", "option"); item.setAttribute("aria-selected", "false");
        item.textContent = hit.text; if (hit.lang) { item.lang = hit.lang; }
        more.textContent = [hit.kind, hit.more].filter(Boolean).join(" · "); item.append(more);
        item.addEventListener("mousedown", function (event) { event.preventDefault(); take(n); });
        list.append(item);
      });
      open(found.length > 0); choose(-1);
    }
    input.addEventListener("input", function () {
      clearTimeout(timer);
      var text = input.value.trim();
      if (text.length < 2) { open(false); return; }
      timer = setTimeout(function () {
        var mine = ++asked;
        fetch(input.dataset.suggest + "?q=" + encodeURIComponent(text) + ("fill" in input.dataset ? "&quotes=0" : ""))
          .then(function (answer) { return answer.ok ? answer.json() : []; })
          .then(function (found) { if (mine === asked) { show(found); } }, function () { open(false); });
      }, 120);
    });
    input.addEventListener("keydown", function (event) {
      if (list.hidden) { return; }
      if (event.key === "ArrowDown") { choose((chosen + 1) % hits.length); event.preventDefault(); }
      else if (event.key === "ArrowUp") { choose((chosen + hits.length) % (hits.length + 1) - (chosen < 0 ? 1 : 1)); event.preventDefault(); }
      else if (event.key === "Enter" && chosen >= 0) { take(chosen); event.preventDefault(); }
      else if (event.key === "Escape") { open(false); event.preventDefault(); }
    });
    input.addEventListener("blur", function () { open(false); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    var theme = document.getElementById("theme-switch");
    theme.hidden = false;
    theme.addEventListener("click", function () {
      root.dataset.theme = dark() ? "light" : "dark";
      try { localStorage.setItem(key, root.dataset.theme); } catch (error) { /* it lasts for this page */ }
      document.dispatchEvent(new Event("themechange"));
    });
    var menu = document.getElementById("menu-switch"), nav = document.getElementById("menu");
    var narrow = matchMedia("(max-width: 52rem)");
    function fit() { menu.hidden = !narrow.matches; }
    fit(); narrow.addEventListener("change", fit);
    menu.addEventListener("click", function () {
      menu.setAttribute("aria-expanded", String(nav.classList.toggle("open")));
    });
    document.querySelectorAll("[data-suggest]").forEach(suggest);
    document.querySelectorAll("[data-copy]").forEach(function (button) {
      if (!navigator.clipboard) { return; }
      button.hidden = false;
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      });
    });
    // An answer that takes its time is fetched when the page is there, and put where it belongs.
    document.querySelectorAll("[data-wait]").forEach(function (note) {
      fetch(note.dataset.wait).then(function (answer) { return answer.text(); }).then(function (text) {
        var found = new DOMParser().parseFromString(text, "text/html").getElementById("answer");
        if (found) { document.getElementById("answer").replaceChildren.apply(document.getElementById("answer"), Array.from(document.adoptNode(found).childNodes)); }
      }, function () { /* the link is still there */ });
    });
    // A quote that the address names may stand inside something closed.
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) { var box = target.closest("details"); if (box) { box.open = true; } }
  });
})();
