// Bundles every file directly under frontend/ into static/dist and cuts the icon sprite. The build hook runs it.
import { build } from "esbuild";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { PurgeCSS } from "purgecss";

const web = "src/xiaocheng/interface/web";
const dist = `${web}/static/dist`;
const out = `${dist}.${process.pid}`; // moved into place when all is there
mkdirSync(out, { recursive: true });

const named = readdirSync("frontend").filter((name) => /\.(js|css)$/.test(name));
const entryPoints = named.map((name) => join("frontend", name));

// Of Tabler's rules only those stay whose classes some template, view or script names.
const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)],
  );
const sources = [...walk(web), ...walk("frontend")].filter((path) => [".html", ".py", ".js"].includes(extname(path)) && !path.startsWith(dist));
const tabler = {
  name: "tabler",
  setup(bundle) {
    bundle.onLoad({ filter: /tabler\.css$/ }, async ({ path }) => {
      const [purged] = await new PurgeCSS().purge({ content: sources, css: [path], safelist: { greedy: [/data-bs-theme/] } });
      return { contents: purged.css, loader: "css", resolveDir: dirname(path) };
    });
  },
};

await build({
  plugins: [tabler],
  entryPoints,
  outdir: out,
  bundle: true,
  minify: true,
  target: ["es2022", "chrome120", "safari17.4", "firefox121"],
  format: "esm",
  splitting: true, // what few pages need is fetched when it is needed
  chunkNames: "[name]-[hash]",
  loader: { ".png": "file", ".svg": "file", ".woff2": "file" },
  assetNames: "[name]-[hash]",
  legalComments: "linked",
});

// The sprite holds the icons that are named: {% icon "name" %} in templates, icon="name" in Python and templates.
const names = new Set();
for (const file of sources.filter((path) => path.startsWith(web))) {
  for (const [, name] of readFileSync(file, "utf8").matchAll(/(?:\{%\s*icon\s+|\bicon=)"([a-z0-9-]+)"/g)) names.add(name);
}
const symbol = (name) => {
  const svg = readFileSync(`node_modules/@tabler/icons/icons/outline/${name}.svg`, "utf8");
  const body = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s*\n\s*/g, "");
  return (
    `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
    `stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`
  );
};
const symbols = [...names].sort().map(symbol).join("");
writeFileSync(`${out}/icons.svg`, `<svg xmlns="http://www.w3.org/2000/svg">${symbols}</svg>`);

rmSync(dist, { recursive: true, force: true });
renameSync(out, dist);
