// Light or dark: what the reader chose, else what the system says. Runs before the page is drawn, so that it does not flash.
(function () {
  "use strict";
  var key = "theme", root = document.documentElement;
  function kept() { try { return localStorage.getItem(key); } catch (error) { return null; } }
  function dark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
  if (kept() === "light" || kept() === "dark") { root.dataset.theme = kept(); }
  document.addEventListener("DOMContentLoaded", function () {
    var button = document.getElementById("theme-switch");
    button.hidden = false;
    button.addEventListener("click", function () {
      root.dataset.theme = dark() ? "light" : "dark";
      try { localStorage.setItem(key, root.dataset.theme); } catch (error) { /* it lasts for this page */ }
    });
  });
})();
