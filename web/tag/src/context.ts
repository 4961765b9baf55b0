import { CLICK_ID, cleanQuery, cleanUrl, isPersonal, withoutEmails } from './scrub';
import { read, write } from './storage';

type Campaign = Record<string, string>;

const VALUE_MAX = 500;
const STORED = 'campaign';

let campaign: Campaign | undefined;

/** Reads the campaign from a query, named as the Segment specification names it: `utm_campaign` is its `name`. */
export function readCampaign(search: string): Campaign | undefined {
  const found: Campaign = {};
  new URLSearchParams(search).forEach((value, name) => {
    const utm = /^utm_(\w{1,40})$/.exec(name);
    const key = utm && utm[1] ? utm[1].replace(/^campaign$/, 'name') : CLICK_ID.test(name) && name;
    if (key && value && !isPersonal(value)) found[key] = value.slice(0, VALUE_MAX);
  });
  return Object.keys(found).length ? found : undefined;
}

/** Notes the campaign of this address; a session that came without one goes on with the one it began with. */
export function noteCampaign(consent: boolean): void {
  const found = readCampaign(location.search);
  if (found) campaign = found;
  if (!consent) return;
  if (campaign) write('sessionStorage', STORED, JSON.stringify(campaign));
  else campaign = storedCampaign();
}

function storedCampaign(): Campaign | undefined {
  try {
    return JSON.parse(read('sessionStorage', STORED) || 'null') || undefined;
  } catch {
    // The page may have written something else there.
    return undefined;
  }
}

/** An id of a click is an id of a person: it goes along only with consent. */
function campaignFor(consent: boolean): Campaign | undefined {
  if (!campaign || consent) return campaign;
  const plain: Campaign = {};
  for (const key of Object.keys(campaign)) if (!CLICK_ID.test(key)) plain[key] = campaign[key] || '';
  return Object.keys(plain).length ? plain : undefined;
}

/** Describes the page as an event carries it. */
export function pageInfo(consent: boolean) {
  const path = withoutEmails(location.pathname);
  const search = cleanQuery(location.search, consent);
  return {
    url: location.origin + path + search,
    path,
    title: withoutEmails(document.title),
    search,
    referrer: document.referrer && cleanUrl(document.referrer, consent),
  };
}

/** Describes what surrounds an event; the browser says its user agent in the request's header. */
export function contextOf(consent: boolean) {
  return {
    library: { name: 'brandwright.js', version: '1' },
    locale: navigator.language,
    screen: { width: screen.width, height: screen.height, density: window.devicePixelRatio },
    page: pageInfo(consent),
    campaign: campaignFor(consent),
    consent,
  };
}
