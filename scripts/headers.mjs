// What is sent along with each file of the built studio: by npm start, by the command line's server, in dist/_headers.

/** The page is cross-origin isolated, so that the runtime's wasm may use threads. */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** With every file. */
export const COMMON = {
  ...ISOLATION,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/** Nothing but the studio's own files; of what evaluates text only wasm, which the runtime is made of. */
const policy = (/** @type {string} */ connect) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

/** Of pages as an element in their heads, for hosts that send no headers, and of workers. */
export const CLOSED_POLICY = policy("'self'")
/** Of pages as a header: whom they may be shown in cannot be said in an element. */
const PAGE_POLICY = `${CLOSED_POLICY}; frame-ancestors 'self'`
/** Of the one worker that downloads weights from addresses that the user typed. */
const OPEN_POLICY = policy("'self' https: http://localhost:* http://127.0.0.1:*")

const OPEN_WORKER = /^assets\/modelsWorker-[^/]*\.js$/
/** The studio's own, and those that the runtime starts from itself as its threads. */
const WORKER = /^sw\.js$|^assets\/(\w+Worker|worker|ort\..*)-[^/]*\.js$|^ort\/.*\.mjs$/

/**
 * The policy of one file of the build: of pages and workers; null for what runs in one of those, or not at all.
 * @param {string} path relative to the build's folder, with / between names
 */
export function policyFor(path) {
  if (path === '' || path.endsWith('.html')) return PAGE_POLICY
  if (OPEN_WORKER.test(path)) return OPEN_POLICY
  return WORKER.test(path) ? CLOSED_POLICY : null
}

/** @param {string} path as for `policyFor` @returns {Record<string, string>} */
export function headersFor(path) {
  const found = policyFor(path)
  return found === null ? COMMON : { ...COMMON, 'Content-Security-Policy': found }
}
