/** What must be let go before this process ends: one listener for all that is open, however much that is. */

const open = new Set<() => void>();
let listens = false;

/** Calls `close` when the process ends, unless the function that this returns is called before. */
export function atExit(close: () => void): () => void {
  if (!listens) process.on('exit', closeAll);
  listens = true;
  open.add(close);
  return () => void open.delete(close);
}

/** In the order in which they were opened; one that closes another one takes it out. */
function closeAll(): void {
  for (const close of open) close();
}
