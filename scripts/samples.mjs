// The first sample scene, for `npm run fuse -- --demo`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from './build.mjs'

/** @param {string} origin where dist/ is served */
export function readSample(origin) {
  const file = join(ROOT, 'public', 'samples', 'samples.json')
  const [sample] = JSON.parse(readFileSync(file, 'utf8'))
  const picture = (/** @type {string} */ name) => ({ url: new URL(name, `${origin}/samples/`).href, name })
  return {
    scene: sample.scene ?? null,
    background: picture(sample.background),
    foregrounds: sample.foregrounds.map(
      (/** @type {{picture: string, box: [number, number, number, number]}} */ one) => {
        const [x, y, width, height] = one.box
        return { picture: picture(one.picture), box: { x, y, width, height } }
      },
    ),
  }
}
