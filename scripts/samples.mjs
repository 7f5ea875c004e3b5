// The first sample scene, for `npm run fuse -- --demo`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from './build.mjs'

export function readSample() {
  const folder = join(ROOT, 'public', 'samples')
  const [sample] = JSON.parse(readFileSync(join(folder, 'samples.json'), 'utf8'))
  return {
    scene: sample.scene ?? null,
    background: { file: join(folder, sample.background) },
    foregrounds: sample.foregrounds.map(
      (/** @type {{picture: string, box: [number, number, number, number]}} */ one) => {
        const [x, y, width, height] = one.box
        return { file: join(folder, one.picture), box: { x, y, width, height } }
      },
    ),
  }
}
