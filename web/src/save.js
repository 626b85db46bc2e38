// A drawing as a file: SVG as it looks on the screen, and PNG at twice its size.
const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor", "visibility", "display"];

export function svgText(svg, title) {
  const copy = svg.cloneNode(true);
  const live = [svg, ...svg.querySelectorAll("*")], made = [copy, ...copy.querySelectorAll("*")];
  live.forEach((node, n) => {
    const style = getComputedStyle(node);
    for (const name of KEPT) made[n].setAttribute(name, style.getPropertyValue(name));
    for (const name of ["class", "tabindex", "role", "aria-label"]) made[n].removeAttribute(name);
  });
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width); copy.setAttribute("height", height);
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("width", width); ground.setAttribute("height", height);
  ground.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(ground);
  const name = document.createElementNS("http://www.w3.org/2000/svg", "title");
  name.textContent = title;
  copy.prepend(name);
  for (const link of copy.querySelectorAll("a")) link.setAttribute("href", link.href.baseVal ? new URL(link.href.baseVal, location.href).href : "#");
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

function give(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export function saveButtons(svg, words, name, title = () => name) {
  const file = (end) => `${name.replace(/[^\p{L}\p{N}.-]+/gu, "-")}.${end}`;
  const box = document.createElement("p");
  box.className = "save";
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button"; made.textContent = text;
    made.addEventListener("click", act);
    box.append(made);
  };
  button(words.svg, () => give(new Blob([svgText(svg, title()).text], { type: "image/svg+xml" }), file("svg")));
  button(words.png, () => {
    const { text, width, height } = svgText(svg, title());
    const image = new Image();
    image.onload = () => {
      const scale = Math.min(2, 16000 / Math.max(width, height));
      const canvas = document.createElement("canvas");
      canvas.width = width * scale; canvas.height = height * scale;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => give(blob, file("png")), "image/png");
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  });
  if (words.permalink) {
    button(words.permalink, async (event) => {
      const pressed = event.currentTarget;
      try { await navigator.clipboard.writeText(location.href); pressed.textContent = words.copied; } catch { prompt(words.permalink, location.href); }
    });
  }
  return box;
}
