import { guard } from './safe';
import { cleanText, cleanUrl } from './scrub';

type Track = (name: string, properties: Record<string, unknown>) => void;

const IGNORE = 'data-bw-ignore';
const LINK = 'a[href],area[href]';
const BUTTON = 'button,input[type=submit],input[type=button],[role=button]';
/** Frameworks set the title shortly after the address. */
const TITLE_MS = 50;

/** Calls with every change of the path, once the page has had time for its title; returns how to call at once. */
export function watchPath(seen: () => void): () => void {
  let path = location.pathname;
  const look = guard(() => {
    if (location.pathname === path) return;
    path = location.pathname;
    seen();
  });
  const soon = () => void setTimeout(look, TITLE_MS);
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (this: History, ...args: Parameters<History['pushState']>) {
      original.apply(this, args);
      soon();
    };
  }
  addEventListener('popstate', soon);
  return look;
}

/** Elements from the target outwards, across open shadow roots. */
function elementsOf(event: Event): Element[] {
  return event.composedPath().filter((target): target is Element => target instanceof Element);
}

const ignored = (element: Element) => element.hasAttribute(IGNORE);

export function watchClicks(track: Track, consent: () => boolean): void {
  const clicked = guard((event: Event) => {
    const path = elementsOf(event);
    const element = path.filter((one) => one.matches(LINK + ',' + BUTTON))[0];
    if (!element || path.some(ignored)) return;
    const value = element.matches('input') ? element.getAttribute('value') : element.textContent;
    const text = cleanText(element.getAttribute('aria-label') || value || '');
    const id = element.id || undefined;
    const href = element.getAttribute('href');
    if (element.matches(LINK) && href !== null) track('Link Clicked', { text, href: cleanUrl(href, consent()), id });
    else track('Button Clicked', { text, id });
  });
  document.addEventListener('click', clicked, true);
}

/** Names of the fields that a person fills in. Their values are never read. */
function fieldNames(form: HTMLFormElement): string[] {
  const names = Array.from(form.elements)
    .filter((field) => field.matches('input:not([type=hidden]):not([type=submit]):not([type=button]),select,textarea') && !ignored(field))
    .map((field) => field.getAttribute('name') || '');
  return names.filter((name, i) => name && names.indexOf(name) === i);
}

export function watchForms(track: Track): void {
  const submitted = guard((event: Event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || elementsOf(event).some(ignored)) return;
    // A field named "id" hides the form's own property, so the attributes are asked.
    const attribute = (name: string) => form.getAttribute(name) || undefined;
    track('Form Submitted', { id: attribute('id'), name: attribute('name'), fields: fieldNames(form) });
  });
  document.addEventListener('submit', submitted, true);
}
