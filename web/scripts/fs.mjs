// File helpers shared by the scripts.
import { readdirSync } from 'node:fs';
import path from 'node:path';

export { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Every file below `folder` whose name matches `pattern`. */
export function globSync(folder, pattern) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
