let warned = false;

/** Tells the developer of the page once; a page that warns all the time is read by nobody. */
export function warn(text: string): void {
  if (warned) return;
  warned = true;
  console.warn('brandwright: ' + text);
}

/** Keeps our faults out of the page: what goes wrong inside is told once and nothing is thrown. */
export function guard<A extends unknown[]>(fn: (...args: A) => void): (...args: A) => void {
  return (...args) => {
    try {
      fn(...args);
    } catch (fault) {
      warn(String(fault));
    }
  };
}

/** Returns 128 random bits as hexadecimal digits; `crypto.randomUUID` is missing on plain http. */
export function randomId(): string {
  let id = '';
  crypto.getRandomValues(new Uint8Array(16)).forEach((byte) => {
    id += (byte + 256).toString(16).slice(1);
  });
  return id;
}
