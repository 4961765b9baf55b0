// Finds words that a reader would see but that stand outside src/i18n, and texts asked for that are not written.
//
// Chinese characters in code may stand in comments only. Latin text counts where JSX shows it: between tags, or in
// an attribute that is read out. A line that ends in `// own-names` is exempt (a language's name in itself).
import { globSync, readFileSync } from './fs.mjs';
import path from 'node:path';
import ts from 'typescript';

const web = path.resolve(import.meta.dirname, '..');
const SPOKEN = new Set(['title', 'label', 'placeholder', 'alt', 'aria-label', 'aria-description', 'summary', 'hint', 'content', 'description']);
const HAN = /\p{Script=Han}/u;
const SENTENCE = /\p{L}{2,}/u;
const problems = [];

/** Every key that a namespace has, plural endings removed. */
function keysOf(words, prefix = '') {
  return Object.entries(words).flatMap(([key, value]) => {
    const name = prefix + key.replace(/_(one|other)$/, '');
    return typeof value === 'string' ? [name] : keysOf(value, `${name}.`);
  });
}

const known = new Map();
for (const file of globSync(path.join(web, 'src/i18n/zh-Hans'), /\.json$/)) {
  known.set(path.basename(file, '.json'), new Set(keysOf(JSON.parse(readFileSync(file, 'utf8')))));
}

function complain(source, node, text) {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  problems.push(`${path.relative(web, source.fileName)}:${line + 1}: ${text}`);
}

function checkLiteral(source, node, text) {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  if (source.text.split('\n')[line].trimEnd().endsWith('// own-names')) return;
  if (HAN.test(text)) return complain(source, node, `"${text.trim()}" belongs in src/i18n`);
  const inJsx = ts.isJsxText(node);
  const attribute = ts.isJsxAttribute(node.parent) ? node.parent.name.getText(source) : '';
  if ((inJsx || SPOKEN.has(attribute)) && SENTENCE.test(text)) {
    if (!inJsx || !['KBD', 'CODE'].includes(node.parent.openingElement?.tagName.getText(source).toUpperCase())) {
      complain(source, node, `"${text.trim()}" belongs in src/i18n`);
    }
  }
}

/** `t('key')` and `t(cond ? 'a' : 'b')`: every key written out must exist. */
function checkKey(source, node, namespace) {
  const [argument] = node.arguments;
  const literals = !argument
    ? []
    : ts.isStringLiteral(argument)
      ? [argument]
      : ts.isConditionalExpression(argument)
        ? [argument.whenTrue, argument.whenFalse].filter(ts.isStringLiteral)
        : [];
  for (const literal of literals) {
    const [area, key] = literal.text.includes(':') ? literal.text.split(':') : [namespace, literal.text];
    if (!known.get(area)?.has(key)) complain(source, node, `text ${area}:${key} is not written`);
  }
}

function check(file) {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  // A function's own `useTranslation('area')` says where its keys live.
  const visit = (node, namespace) => {
    let here = namespace;
    if (ts.isFunctionLike(node)) {
      const found = /useTranslation\((?:'(\w+)')?\)/.exec(node.getText(source));
      if (found) here = found[1] ?? 'common';
    }
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isJsxText(node)) checkLiteral(source, node, node.text);
    else if (ts.isTemplateExpression(node)) {
      for (const part of [node.head, ...node.templateSpans.map((span) => span.literal)]) if (HAN.test(part.text)) complain(source, part, `"${part.text.trim()}" belongs in src/i18n`);
    }
    if (ts.isCallExpression(node) && node.expression.getText(source) === 't') checkKey(source, node, here);
    ts.forEachChild(node, (child) => visit(child, here));
  };
  visit(source, 'common');
}

for (const file of globSync(path.join(web, 'src'), /\.tsx?$/)) {
  if (!/\.test\.tsx?$|[\\/]api[\\/]schema\.ts$/.test(file)) check(file);
}
if (problems.length) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log('texts: every word on screen comes from src/i18n');
