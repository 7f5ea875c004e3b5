/** A real browser as a process of its own, which a test can kill as a crash or a power cut would. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'

import { chromiumArguments, findChromium } from '../scripts/chromium.mjs'

const START_LIMIT_MS = 30_000

export interface BrowserProcess {
  page: Page
  /** SIGKILL to the browser and all its children, in this very moment. */
  kill(): Promise<void>
}

/** Starts Chromium on a profile; the same profile again is the same user, back after whatever happened. */
export async function startBrowser(profile: string): Promise<BrowserProcess> {
  const program = findChromium()
  if (!program) throw new Error('there is no Chromium')
  const portFile = join(profile, 'DevToolsActivePort')
  rmSync(portFile, { force: true })
  const started = spawn(
    program,
    [
      ...chromiumArguments('software'),
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      '--window-size=1440,900',
      '--hide-crash-restore-bubble',
      'about:blank',
    ],
    // A group of its own, so that one signal reaches all of it.
    { detached: true, stdio: 'ignore' },
  )
  const browser = await connect(started, portFile)
  const page = browser.contexts()[0].pages()[0]
  await page.setViewportSize({ width: 1440, height: 900 })
  return {
    page,
    kill: async () => {
      if (started.exitCode !== null || started.signalCode !== null || started.pid === undefined) return
      const gone = new Promise((resolve) => started.once('exit', resolve))
      process.kill(-started.pid, 'SIGKILL')
      await gone
      await browser.close().catch(() => undefined)
    },
  }
}

async function connect(started: ChildProcess, portFile: string): Promise<Browser> {
  for (const end = Date.now() + START_LIMIT_MS; Date.now() < end;) {
    if (started.exitCode !== null) throw new Error(`the browser ended with ${started.exitCode}`)
    const port = existsSync(portFile) ? readFileSync(portFile, 'utf8').split('\n')[0] : ''
    if (port) return chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the browser did not start')
}
