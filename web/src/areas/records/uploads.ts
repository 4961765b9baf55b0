/** Files on their way to the server: a form that is sent meanwhile waits for them. */
const running = new Set<Promise<void>>();

/** Remembers an upload until it has ended, well or badly; returns it. */
export function track(sent: Promise<void>): Promise<void> {
  running.add(sent);
  const ended = () => running.delete(sent);
  sent.then(ended, ended);
  return sent;
}

/** Ends when all files have arrived; fails when one did not. */
export async function arrived(): Promise<void> {
  await Promise.all(running);
}
