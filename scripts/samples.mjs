// The first sample scene, for `npm run fuse -- --demo`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from './build.mjs'

/** @param {string} origin where dist/ is served */
export function readSample(origin) {
  const file = join(ROOT, 'public', 'samples', 'samples.json')
  const list = JSON.parse(readFileSync(file, 'utf8'))
  const [sample] = Array.isArray(list) ? list : list.samples
  const [x, y, width, height] = sample.box
  const picture = (/** @type {string} */ name) => ({ url: new URL(name, `${origin}/samples/`).href, name })
  return {
    background: picture(sample.background),
    foregrounds: [{ picture: picture(sample.foreground), box: { x, y, width, height } }],
    prompt: sample.prompt ?? '',
  }
}
