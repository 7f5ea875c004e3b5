/**
 * Signs of life of a worker. Whoever supervises one (`worker/supervised.ts`) asks it now and then whether it is alive,
 * and a worker whose event loop turns answers. Work that keeps the loop from turning says so itself: long loops
 * `beat()`, native code that cannot speak for itself runs `quietly()`. Without a listener (a page, a test, node) both
 * do nothing.
 */
export type Sign =
  /** The worker goes on. */
  | 'alive'
  /** Native work begins that may take long without a sign and cannot hang by itself. */
  | 'quiet'
  /** It is over. */
  | 'awake'

/** What a supervisor asks a worker; `alive` is the answer. */
export const PING = 'ping'

/** Shortest time between two beats, ms: loops call `beat` as often as they like. */
const EVERY_MS = 250

let tell: ((sign: Sign) => void) | null = null
let last = 0

/** Takes the signs of this thread; `null` for nobody. */
export function onSign(listener: ((sign: Sign) => void) | null): void {
  tell = listener
  last = 0
}

/** Says that a long loop goes on. Cheap: call it once per row. */
export function beat(): void {
  if (!tell) return
  const now = performance.now()
  if (now - last < EVERY_MS) return
  last = now
  tell('alive')
}

/**
 * Runs work of others' whose length nobody can bound and that no input can make endless: onnxruntime's kernels, the writing
 * of Photoshop documents.
 */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
  tell?.('quiet')
  try {
    return await work()
  } finally {
    tell?.('awake')
  }
}
