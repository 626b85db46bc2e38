// Draws the network: positions come with the data, nothing moves by itself. A click shows what a node says, a second one opens its page.
(function () {
  "use strict";
  window.drawNetwork = function (box, data, panel) {
    function resolved(name) { var probe = document.createElement("i"); probe.style.color = "var(" + name + ")"; box.append(probe); var found = getComputedStyle(probe).color; probe.remove(); return found; }
    function inked(n) { return Object.assign({}, n.font, { color: resolved("--ink"), strokeColor: resolved("--page"), strokeWidth: 3 }); }
    var links = {};
    var nodes = data.nodes.map(function (n) { links[n.id] = n; return Object.assign({}, n, { title: undefined, font: inked(n) }); });
    var many = nodes.length > 1500, set = new vis.DataSet(nodes);
    var network = new vis.Network(box, { nodes: set, edges: data.edges }, {
      physics: { enabled: false }, interaction: { hover: true, hideEdgesOnDrag: many, hideEdgesOnZoom: many, keyboard: { enabled: true, bindToWindow: false } },
      edges: { smooth: false, color: { color: resolved("--strong"), highlight: resolved("--link") }, arrows: { to: { enabled: true, scaleFactor: 0.4 } } },
    });
    var canvas = box.querySelector("canvas");
    canvas.setAttribute("aria-label", box.dataset.label); canvas.setAttribute("role", "img");
    document.addEventListener("themechange", function () { set.update(nodes.map(function (n) { return { id: n.id, font: inked(n) }; })); });
    function line(n, name) {
      var made = document.createElement(name), link = document.createElement("a");
      link.textContent = n.title.split("\n")[0];
      if (n.href) { link.href = n.href; }
      made.append(link);
      return made;
    }
    network.on("selectNode", function (event) {
      var n = links[event.nodes[0]];
      if (!n) { return; }
      var text = document.createElement("p"), near = document.createElement("ul");
      text.className = "lines-of-text"; text.textContent = n.title.split("\n").slice(1).join("\n");
      near.className = "near";
      network.getConnectedNodes(n.id).slice(0, 30).forEach(function (other) { near.append(line(links[other], "li")); });
      panel.replaceChildren(line(n, "h2"), text, near);
    });
    network.on("doubleClick", function (event) { var n = links[event.nodes[0]]; if (n && n.href) { location.href = n.href; } });
    network.once("afterDrawing", function () { box.dataset.drawn = String(Math.round(performance.now())); });
    window.network = network;
  };
  document.addEventListener("DOMContentLoaded", function () {
    var data = document.getElementById("network-data");
    if (data) { window.drawNetwork(document.getElementById("network"), JSON.parse(data.textContent), document.getElementById("node")); }
  });
})();
