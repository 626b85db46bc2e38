// Starts what the page has: a map where there is its data, buttons to save a drawing where there is one.
import { drawMap } from "./map.js";
import { saveButtons } from "./save.js";

const read = (id) => { const found = document.getElementById(id); return found ? JSON.parse(found.textContent) : null; };

async function start() {
  const words = read("words") || {};
  const box = document.getElementById("map");
  if (box) {
    const world = read("world") || await (await fetch(box.dataset.world)).json();
    const waiting = document.createElement("p");
    waiting.className = "waiting"; waiting.textContent = "…"; box.append(waiting);
    const data = read("map-data") || await (await fetch(box.dataset.rows)).json();
    // While the graph is being counted there is nothing to draw yet.
    if (!data.rows) { waiting.textContent = data.told || ""; waiting.classList.add("soft"); return; }
    waiting.remove();
    drawMap(box, world, data, words);
  }
  for (const svg of document.querySelectorAll("svg[data-save]")) (svg.closest(".lines") || svg).after(saveButtons(svg, words, svg.dataset.save));
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
window.presence = { drawMap, saveButtons };
