// Writes src/theme/antd.css: the static styles of exactly those Ant Design components that our pages reach.
//
// Ant Design can make its styles in the browser, while rendering. Doing it here instead keeps that work out of
// every visit. The components are found by following imports, so a new one needs no entry anywhere.
import { createRequire } from 'node:module';
import { existsSync, globSync, readFileSync, writeFileSync } from './fs.mjs';
import path from 'node:path';

const require = createRequire(import.meta.url);
const web = path.resolve(import.meta.dirname, '..');
const antdRoot = path.join(web, 'node_modules/antd/es');

/** Names that our sources import from antd. */
function namesUsed() {
  const names = new Set();
  for (const file of globSync(path.join(web, 'src'), /\.tsx?$/)) {
    for (const [, clause] of readFileSync(file, 'utf8').matchAll(/import\s*\{([^}]*)\}\s*from\s*'antd'/g)) {
      for (const name of clause.split(',')) names.add(name.replace(/^\s*type\s+/, '').trim().split(/\s+as\s+/)[0]);
    }
  }
  names.delete('');
  return names;
}

const folderOf = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

/** Folders of antd whose styles the entry folders import. */
function foldersReached(entries) {
  const seen = new Set();
  const queue = entries.map((folder) => path.join(antdRoot, folder, 'index.js')).filter(existsSync);
  while (queue.length) {
    const file = queue.pop();
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, target] of readFileSync(file, 'utf8').matchAll(/from\s+["'](\.[^"']*)["']/g)) {
      const base = path.resolve(path.dirname(file), target);
      const found = [`${base}.js`, path.join(base, 'index.js'), base].find((p) => p.endsWith('.js') && existsSync(p));
      if (found) queue.push(found);
    }
  }
  const styles = [...seen].map((file) => path.relative(antdRoot, file).split(path.sep)).filter((parts) => parts[1] === 'style');
  return new Set(styles.map((parts) => parts[0]));
}

// The class names of a development build differ from those that visitors get.
process.env.NODE_ENV = 'production';
const antd = require('antd');
const { createElement } = require('react');
const { extractStyle } = require('@ant-design/static-style-extract');
const folders = foldersReached([...namesUsed()].map(folderOf));
const includes = Object.keys(antd).filter((name) => folders.has(folderOf(name)));

// Components complain about the missing parts of a page when drawn alone; their styles are all we want.
console.error = console.warn = () => {};
const customTheme = (node) => createElement(antd.ConfigProvider, { theme: { hashed: false } }, node);
const css = extractStyle({ includes, customTheme });
writeFileSync(path.join(web, 'src/theme/antd.css'), css);
console.log(`antd.css: ${includes.length} components, ${Math.round(css.length / 1024)} kB`);
