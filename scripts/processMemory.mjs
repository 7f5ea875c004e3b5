// Resident memory of the browser's processes, from /proc; elsewhere nothing is known.
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** @typedef {{ pid: number, parent: number, type: string, residentBytes: number, peakBytes: number }} Process */

/** @param {string} path */
function text(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process has ended meanwhile.
    return ''
  }
}

/** @param {string} pid @returns {Process | null} */
function readProcess(pid) {
  const status = text(`/proc/${pid}/status`)
  const number = (/** @type {string} */ key) =>
    Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  if (status === '') return null
  const type = /--type=([\w-]+)/.exec(text(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))?.[1] ?? 'main'
  const kib = 1024
  return {
    pid: Number(pid),
    parent: number('PPid'),
    type,
    residentBytes: number('VmRSS') * kib,
    peakBytes: number('VmHWM') * kib,
  }
}

/** All processes below `root`. @param {number} [root] @returns {Process[]} */
export function descendants(root = process.pid) {
  if (!existsSync('/proc/self/status')) return []
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readProcess)
    .filter((one) => one !== null)
  const known = new Set([root])
  // Parents may come after their children: until nothing is new.
  for (let size = 0; size !== known.size;) {
    size = known.size
    for (const { pid, parent } of all) if (known.has(parent)) known.add(pid)
  }
  return all.filter(({ pid }) => known.has(pid) && pid !== root)
}

/** The page's process: the renderer that holds most. @returns {Process | null} */
export function largestRenderer() {
  const renderers = descendants().filter(({ type }) => type === 'renderer')
  return renderers.sort((a, b) => b.residentBytes - a.residentBytes)[0] ?? null
}

/** Resident bytes of the browser's other processes together (GPU, storage, the browser itself). */
export function otherBytes() {
  return descendants()
    .filter(({ type }) => type !== 'renderer')
    .reduce((sum, { residentBytes }) => sum + residentBytes, 0)
}
