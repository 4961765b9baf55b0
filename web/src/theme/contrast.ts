/** Red, green and blue, 0 to 255. */
type Rgb = [number, number, number];

const WHITE = '#ffffff';

function parse(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function format(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(parse(one)), luminance(parse(other))].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Mixes `share` of `other` into `base`. */
export function mix(base: string, other: string, share: number): string {
  const [a, b] = [parse(base), parse(other)];
  return format(a.map((part, i) => part + ((b[i] ?? 0) - part) * share) as Rgb);
}

/**
 * The company's accent, moved towards black or white until text in it can be read on `ground`.
 *
 * A brand colour is chosen for posters; a link in it must still reach 4.5 : 1.
 */
export function readable(accent: string, ground: string, wanted = 4.6): string {
  const towards = contrast(ground, WHITE) < 2 ? '#000000' : WHITE;
  for (let step = 0; step <= 20; step += 1) {
    const colour = mix(accent, towards, step / 20);
    if (contrast(colour, ground) >= wanted) return colour;
  }
  return towards;
}
