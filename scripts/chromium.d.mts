/** Path of a Chromium that is already there, or undefined. Throws when INLAY_CHROMIUM leads nowhere. */
export function findChromium(): string | undefined
/** Path of a Chromium; installs one when there is none. Throws with what to do when that fails too. */
export function ensureChromium(): string
/** Arguments for every launch; the adapter's default is the environment's INLAY_ADAPTER, else software. */
export function chromiumArguments(adapter?: 'software' | 'hardware'): string[]
