import './avatar.css';

/** The last two characters of a Chinese name, the initials of any other; a small mark has room for the last one. */
export function initials(name: string): string {
  const han = [...name].filter((c) => /\p{Script=Han}/u.test(c));
  if (han.length) return han.slice(-2).join('');
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0] ?? '').join('').toUpperCase();
}

function hue(name: string): number {
  let sum = 0;
  for (const c of name) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) % 360;
  return sum;
}

/** A person as a small round mark; the name stands beside it, so it is hidden from screen readers. */
export function Avatar({ name, size = 28 }: { name: string; size?: number }) {
  return (
    <span
      className="avatar"
      aria-hidden="true"
      style={{ width: size, height: size, fontSize: size * 0.4, '--hue': hue(name) } as React.CSSProperties}
    >
      {size < 28 ? initials(name).slice(-1) : initials(name)}
    </span>
  );
}

/** A person with mark and name. */
export function Person({ name, note }: { name: string; note?: string | null | undefined }) {
  return (
    <span className="person">
      <Avatar name={name} size={24} />
      <span className="person-name">
        {name}
        {note && <span className="quiet small"> · {note}</span>}
      </span>
    </span>
  );
}
