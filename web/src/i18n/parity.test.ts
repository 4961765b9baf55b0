import { expect, test } from 'vitest';
import { LANGUAGES } from '@/format/language';

type Words = { [key: string]: string | Words };

const files = import.meta.glob<Words>('./*/*.json', { eager: true, import: 'default' });
const areas = [...new Set(Object.keys(files).map((file) => file.split('/')[2] ?? ''))];

/** Keys with their texts; plural forms count as one, because languages differ in how many they have. */
function flat(words: Words, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    const name = prefix + key.replace(/_(one|other)$/, '');
    if (typeof value === 'string') all.set(name, value);
    else for (const [inner, text] of flat(value, `${name}.`)) all.set(inner, text);
  }
  return all;
}

function texts(language: string, area: string): Map<string, string> {
  const words = files[`./${language}/${area}`];
  expect(words, `${language}/${area} is missing`).toBeDefined();
  return flat(words ?? {});
}

const names = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((m) => m[1]).sort();

test.each(areas)('%s says the same things in every language', (area) => {
  const first = texts(LANGUAGES[0], area);
  for (const language of LANGUAGES) {
    const other = texts(language, area);
    expect([...other.keys()].sort(), `${language}/${area}`).toEqual([...first.keys()].sort());
    for (const [key, text] of other) {
      expect(text.trim(), `${language}/${area} ${key}`).not.toBe('');
      expect(names(text), `${language}/${area} ${key}`).toEqual(names(first.get(key) ?? ''));
    }
  }
});

test('Chinese is written with a space beside figures and Latin, and with full-width punctuation', () => {
  const wrong = /[\p{Script=Han}][A-Za-z0-9]|[A-Za-z0-9%][\p{Script=Han}]|[\p{Script=Han}][,;:?!](?!\/)/u;
  for (const language of ['zh-Hans', 'zh-Hant']) {
    for (const area of areas) {
      for (const [key, text] of texts(language, area)) {
        expect(text.replace(/\{\{.*?\}\}/g, ''), `${language}/${area} ${key}`).not.toMatch(wrong);
      }
    }
  }
});

test('traditional Chinese has no simplified characters left over', () => {
  const simplified = /[们这个门问时间开关书车马鸟鱼长东风业务电话录权审计导设备检测据质标题户页项顾资产销营类级组织账号邮]/u;
  const traditional = /[們這個門問時間開關書車馬鳥魚長東風業務電話錄權審計導設備檢測據質標題頁項顧資產銷營類級組織帳號郵]/u;
  for (const area of areas) {
    for (const [key, text] of texts('zh-Hant', area)) {
      const left = [...text].filter((c) => simplified.test(c) && !traditional.test(c) && !'户'.includes(c));
      expect(left, `${area} ${key}: ${text}`).toEqual([]);
    }
  }
});
