// Runs the studio's own worker without a window: builds if needed, serves dist/, opens headless.html in Chromium.
import { chromium } from 'playwright'

import { DIST, ensureBuild } from './build.mjs'
import { chromiumArguments, ensureChromium } from './chromium.mjs'
import { serve } from './server.mjs'

/**
 * @typedef {object} Headless
 * @property {string} origin where the page and /files/ are served
 * @property {import('playwright').Page} page
 */

/**
 * Opens the headless page, hands it to `use` and cleans up, whatever happens.
 * @template T
 * @param {object} options
 * @param {Record<string, string>} [options.mounts] name below /files/ -> local file or folder, read-only
 * @param {boolean} [options.onDisk] whether the page has storage on the disk, for models; else it is in memory
 * @param {(line: string) => void} options.print takes the lines that the page's commands write
 * @param {(line: string) => void} [options.note] takes progress and the browser's own warnings
 * @param {{profile: string, port: number}} [options.kept] where the browser keeps what it stores; else nothing is kept
 * @param {(headless: Headless) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withHeadless({ mounts, onDisk = false, print, note = console.error, kept }, use) {
  const executablePath = ensureChromium()
  await ensureBuild()
  const server = await serve({ dist: DIST, mounts, port: kept?.port })
  try {
    // A machine's own GPU where there is one; the software adapter stands in elsewhere.
    const options = { executablePath, args: chromiumArguments('hardware') }
    // An empty name is a folder that goes with the browser.
    const browser =
      onDisk || kept
        ? await chromium.launchPersistentContext(kept?.profile ?? '', options)
        : await chromium.launch(options)
    try {
      const page = await browser.newPage()
      let broken = (/** @type {Error} */ _error) => {}
      const crash = new Promise((_, reject) => (broken = reject))
      crash.catch(() => {})
      page.on('crash', () => broken(new Error('The browser page crashed, probably for want of memory.')))
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          note(`[${message.type()}] ${message.text()}`)
      })
      page.on('pageerror', (error) => note(`[error] ${error.message}`))
      await page.exposeFunction('inlayPrint', print)
      await page.exposeFunction('inlayNote', note)
      await page.goto(`${server.origin}/headless.html`)
      await page.waitForFunction('window.inlay !== undefined', undefined, { timeout: 60_000 })
      const call = (/** @type {string} */ name, /** @type {object} */ request) =>
        Promise.race([
          page.evaluate(
            ([name, request]) => /** @type {any} */ (globalThis).inlay[/** @type {string} */ (name)](request),
            /** @type {const} */ ([name, request]),
          ),
          crash,
        ])
      return await use({ origin: server.origin, page, call })
    } finally {
      await browser.close()
    }
  } finally {
    await server.close()
  }
}
