// Draws the network: positions come with the data, nothing moves by itself. A click shows what a node says, a second one opens its page.
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  var box = document.getElementById("network");
  var data = JSON.parse(document.getElementById("network-data").textContent);
  var panel = document.getElementById("node");
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function resolved(name) { var probe = document.createElement("i"); probe.style.color = "var(" + name + ")"; box.append(probe); var found = getComputedStyle(probe).color; probe.remove(); return found; }
  var links = {};
  var nodes = data.nodes.map(function (n) {
    links[n.id] = n;
    var ink = resolved("--ink"), page = resolved("--page");
    return Object.assign({}, n, { title: undefined, font: Object.assign({}, n.font, { color: ink, strokeColor: page, strokeWidth: 3 }) });
  });
  var set = new vis.DataSet(nodes);
  var network = new vis.Network(box, { nodes: set, edges: data.edges }, {
    physics: { enabled: false }, interaction: { hover: true, hideEdgesOnDrag: nodes.length > 1500, hideEdgesOnZoom: nodes.length > 1500, keyboard: { enabled: true, bindToWindow: false } },
    edges: { smooth: false, color: { color: resolved("--line"), highlight: resolved("--link") }, arrows: { to: { enabled: true, scaleFactor: 0.4 } } },
  });
  box.querySelector("canvas").setAttribute("aria-label", box.dataset.label);
  box.querySelector("canvas").setAttribute("role", "img");
  document.addEventListener("themechange", function () {
    var ink = resolved("--ink"), page = resolved("--page");
    set.update(nodes.map(function (n) { return { id: n.id, font: Object.assign({}, n.font, { color: ink, strokeColor: page }) }; }));
  });
  function tell(id) {
    var n = links[id];
    if (!n) { return; }
    var head = document.createElement("h2"), link = document.createElement("a"), text = document.createElement("p");
    link.textContent = n.title.split("\n")[0]; link.href = n.href || "#";
    head.append(n.href ? link : n.title.split("\n")[0]);
    text.className = "lines-of-text";
    text.textContent = n.title.split("\n").slice(1).join("\n");
    var near = document.createElement("ul");
    near.className = "near";
    network.getConnectedNodes(id).slice(0, 30).forEach(function (other) {
      var item = document.createElement("li"), button = document.createElement("a");
      button.href = links[other].href || "#"; button.textContent = links[other].title.split("\n")[0];
      item.append(button); near.append(item);
    });
    panel.replaceChildren(head, text, near);
  }
  network.on("selectNode", function (event) { tell(event.nodes[0]); });
  network.on("doubleClick", function (event) { var n = links[event.nodes[0]]; if (n && n.href) { location.href = n.href; } });
  network.once("afterDrawing", function () { box.dataset.drawn = String(Math.round(performance.now())); });
  window.network = network;
});
