// Builds what the pages load into ../kg/assets: `npm ci && npm run build` in this folder. The files are kept in the
// repository, so that installing needs no Node; manifest.json says from which sources they were made, and a test compares.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { geoPath, geoTransform } from "d3-geo";
import { build } from "esbuild";
import { merge, mesh } from "topojson-client";

const out = new URL("../kg/assets/", import.meta.url).pathname;
const module = (name) => new URL(`node_modules/${name}`, import.meta.url).pathname;
mkdirSync(out, { recursive: true });

await build({
  entryPoints: ["src/figures.js"], outfile: `${out}figures.js`, bundle: true, minify: true, format: "iife",
  target: "es2020", charset: "ascii", legalComments: "none",
});

// The names in the file are in English only and stand in our tables in three languages: they are left out.
const world = JSON.parse(readFileSync(module("world-atlas/countries-110m.json"), "utf8"));
for (const shape of world.objects.countries.geometries) { delete shape.properties; delete shape.id; }
delete world.objects.land;
writeFileSync(`${out}world.json`, JSON.stringify(world));

// The land alone, on a plain grid of degrees, as a picture behind the small maps; its grey suits light and dark.
const degrees = geoPath(geoTransform({ point(x, y) { this.stream.point(x, -y); } })).digits(1);
writeFileSync(`${out}world.svg`, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -90 360 180" preserveAspectRatio="none"><path d="${degrees(merge(world, world.objects.countries.geometries))}" fill="#8593a1" fill-opacity=".38"/><path d="${degrees(mesh(world, world.objects.countries, (a, b) => a !== b))}" fill="none" stroke="#8593a1" stroke-opacity=".55" stroke-width=".15"/></svg>\n`);

// The editor is large; it is kept and sent compressed.
for (const [file, name] of [["yasgui.min.js", "yasgui.js.gz"], ["yasgui.min.css", "yasgui.css.gz"]]) {
  const text = readFileSync(module(`@zazuko/yasgui/build/${file}`), "utf8").replace(/\n?\/[/*]# sourceMappingURL=.*$/m, "");
  const packed = gzipSync(text, { level: 9 });
  packed[9] = 255; // the system it was made on is no part of it
  writeFileSync(out + name, packed);
}

// The licences of all that is in these files.
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const notices = [];
for (const [place, about] of Object.entries(lock.packages).sort()) {
  if (!place || about.dev || about.optional) continue;
  const name = place.replace(/^.*node_modules\//, "");
  const folder = new URL(`${place}/`, import.meta.url).pathname;
  const file = readdirSync(folder).find((f) => /^(licen[cs]e|copying)/i.test(f));
  const text = file ? readFileSync(folder + file, "utf8").trim() : "";
  notices.push(`${name} ${about.version} (${about.license || "see its licence"})\n${text}`.trim());
}
writeFileSync(`${out}LICENCES.txt`, notices.join(`\n\n${"-".repeat(72)}\n\n`) + "\n");

const sources = ["build.mjs", "package.json", "package-lock.json", ...readdirSync("src").sort().map((f) => `src/${f}`)];
const hash = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
const manifest = { sources: Object.fromEntries(sources.map((f) => [f, hash(f)])), files: {} };
for (const file of readdirSync(out).sort()) if (/^(figures|world|yasgui|LICENCES)/.test(file)) manifest.files[file] = hash(out + file);
writeFileSync(`${out}manifest.json`, JSON.stringify(manifest, null, 1) + "\n");
