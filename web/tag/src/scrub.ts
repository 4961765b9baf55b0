/** Lengths are bounded so that a long text without an @ takes no quadratic time. */
const EMAIL = /[^\s/?#&=@:]{1,64}(?:@|%40)[^\s/?#&=@]{1,190}\.[a-z]{2,24}/i;
const EMAILS = new RegExp(EMAIL.source, 'gi');
const SECRET_NAME = /token|secret|passw|pwd|jwt|auth$|sess(?:ion)?_?id|signature|e-?mail|phone/i;
const MOBILE = /^(?:\+?86)?1[3-9]\d{9}$/;

/** Ids that an advertising network gives to one click of one person. */
export const CLICK_ID = /^(?:gclid|fbclid|msclkid|gdt_vid|bd_vid)$/;

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}

/** Says whether a value looks like an address of a person. */
export function isPersonal(value: string): boolean {
  return EMAIL.test(value) || MOBILE.test(value.replace(/[\s-]/g, ''));
}

/** Says whether a value looks as if it opened something: long, without blanks, of letters and digits. */
function isToken(value: string): boolean {
  return value.length >= 20 && /^[\w.~+/=-]+$/.test(value) && /\d/.test(value) && /[a-z]/i.test(value);
}

/** Returns a query without the values that name a person or open something; the names stay. */
export function cleanQuery(search: string, consent: boolean): string {
  return search.replace(/([^?&=]+)=([^&]*)/g, (all: string, rawName: string, rawValue: string) => {
    const name = decode(rawName);
    const value = decode(rawValue);
    let keep = !isPersonal(value);
    if (CLICK_ID.test(name)) keep = keep && consent;
    else if (!/^utm_/.test(name)) keep = keep && !SECRET_NAME.test(name) && !isToken(value);
    return keep ? all : rawName + '=';
  });
}

export function withoutEmails(text: string): string {
  return text.replace(EMAILS, '');
}

/** Returns an address without what names a person; of `mailto:`, `tel:` and the like only the scheme. */
export function cleanUrl(address: string, consent: boolean): string {
  const url = new URL(address, document.baseURI);
  if (!/^https?:$/.test(url.protocol)) return url.protocol;
  const hash = decode(url.hash.slice(1));
  const anchor = /[=&]/.test(hash) || isPersonal(hash) || isToken(hash) ? '' : url.hash;
  return url.origin + withoutEmails(url.pathname) + cleanQuery(url.search, consent) + anchor;
}

/** Returns a label in one line without e-mail addresses, cut between characters. */
export function cleanText(text: string): string {
  const line = withoutEmails(text.slice(0, 1000).replace(/\s+/g, ' ').trim());
  return Array.from(line).slice(0, 100).join('');
}
