/** What the build tells the service worker of its own files, and what worker and page call what they share. */

export interface BuiltFile {
  /** Relative to the studio's folder; the page itself is ''. */
  path: string
  bytes: number
  /** Lower-case hex. */
  sha256: string
  /** Where a page or a worker starts from the file: which of `policies` binds it. */
  policy?: number
}

export interface BuildList {
  /** Names the build: two with the same files have the same. */
  version: string
  /** What the studio needs to open. */
  app: BuiltFile[]
  /** What it needs to fuse, and the sample scenes: stored when the user wants it. */
  kept: BuiltFile[]
  /** Sent with every file. */
  headers: Record<string, string>
  /** Values of Content-Security-Policy. */
  policies: string[]
}

/** Asked through a port, the worker answers with its `BuildList.kept`. */
export const ASK_KEPT = 'kept'
/** A build that waits takes over. */
export const TAKE_OVER = 'take-over'
/** Builds that no page runs any more are deleted. */
export const TIDY = 'tidy'

/** Where other programs send pictures to (the manifest's share target). */
export const SHARE_PATH = 'share'

/** One origin may hold several studios, each in its folder: `base` is the folder's address. */
export const appCacheOf = (base: string, version: string): string => `inlay-app ${base} ${version}`
export const keptCacheOf = (base: string): string => `inlay-kept ${base}`
export const sharedCacheOf = (base: string): string => `inlay-shared ${base}`
/** A page holds a lock of this name as long as it lives; `script` is the address of its own, hashed script. */
export const pageLockOf = (script: string): string => `inlay-page ${script}`
