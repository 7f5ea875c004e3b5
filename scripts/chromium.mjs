// Finds the Chromium that every test, command and bench runs in, or installs one.
// Run alone (`node scripts/chromium.mjs`) it makes sure that there is one and prints its path.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { chromium as playwrightChromium } from 'playwright'

const PLAYWRIGHT_LIMIT_MS = 60_000
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

/** @param {string | undefined} path */
const isFile = (path) => path !== undefined && existsSync(path) && statSync(path).isFile()

const isRoot = () => process.getuid?.() === 0

/** Where each system usually keeps a full Chromium. */
function usualPaths() {
  switch (process.platform) {
    case 'darwin': {
      const apps = ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome']
      return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
        apps.map((app) => join(folder, app)),
      )
    }
    case 'win32': {
      const folders = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
      return folders
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => [
          join(folder, 'Chromium', 'Application', 'chrome.exe'),
          join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        ])
    }
    default: {
      const folders = [
        ...(process.env.PATH ?? '').split(delimiter),
        '/usr/bin',
        '/usr/local/bin',
        '/snap/bin',
      ]
      return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
    }
  }
}

/** The full Chromium that Playwright installed, if it did; its headless shell has no WebGPU. */
function playwrightPath() {
  try {
    return playwrightChromium.executablePath()
  } catch {
    return undefined
  }
}

/** Path of a Chromium that is already there, or undefined. Throws when INLAY_CHROMIUM leads nowhere. */
export function findChromium() {
  const wanted = process.env.INLAY_CHROMIUM
  if (wanted) {
    if (isFile(wanted)) return wanted
    throw new Error(`INLAY_CHROMIUM is set to ${wanted}, but there is no such file.`)
  }
  return [...usualPaths(), playwrightPath()].find(isFile)
}

/**
 * Runs a program with its output on stderr.
 * @param {string} program @param {string[]} args @param {number} [timeout]
 */
function run(program, args, timeout) {
  console.error(`> ${program} ${args.join(' ')}`)
  const done = spawnSync(program, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    ...(timeout === undefined ? {} : { timeout, killSignal: 'SIGKILL' }),
  })
  return done.status === 0
}

/** A downloaded Chromium may lack libraries of the system. @param {string | undefined} path */
const starts = (path) => path !== undefined && spawnSync(path, ['--version']).status === 0

/** Path of a Chromium; installs one when there is none. Throws with what to do when that fails too. */
export function ensureChromium() {
  const found = findChromium()
  if (found) return found
  console.error('No Chromium found; installing one.')
  const cli = fileURLToPath(new URL('../node_modules/playwright/cli.js', import.meta.url))
  run(process.execPath, [cli, 'install', '--no-shell', 'chromium'], PLAYWRIGHT_LIMIT_MS)
  const installed = findChromium()
  if (installed !== undefined && starts(installed)) return installed
  if (isRoot() && existsSync('/etc/debian_version')) {
    // A stale index is no reason to give up, so the result of `update` does not matter.
    run('apt-get', ['update'])
    run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'])
    const packaged = findChromium()
    if (packaged) return packaged
  }
  throw new Error(
    'No Chromium was found and none could be installed. Install Chromium or Google Chrome, or point ' +
      'INLAY_CHROMIUM at its program file.',
  )
}

/**
 * Arguments for every launch. `software` gives the same WebGPU adapter (SwiftShader) on every machine, which
 * tests want; `hardware` takes the machine's own GPU where there is one.
 * @param {'software' | 'hardware'} [adapter]
 */
export function chromiumArguments(
  adapter = process.env.INLAY_ADAPTER === 'hardware' ? 'hardware' : 'software',
) {
  return [
    '--headless=new',
    ...(isRoot() ? ['--no-sandbox'] : []),
    '--enable-unsafe-webgpu',
    ...(adapter === 'software'
      ? ['--use-webgpu-adapter=swiftshader']
      : process.platform === 'linux'
        ? ['--enable-features=Vulkan', '--ignore-gpu-blocklist']
        : []),
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-domain-reliability',
    '--disable-sync',
    '--disable-dev-shm-usage',
    // To the watchdog a software adapter at work looks like a GPU that hangs: on a busy machine it ended the browser.
    '--disable-gpu-watchdog',
    '--disable-gpu-process-crash-limit',
    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    '--metrics-recording-only',
    '--no-default-browser-check',
    '--no-first-run',
    '--no-pings',
  ]
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log(ensureChromium())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
