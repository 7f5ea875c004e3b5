// node scripts/truth.mjs FOLDER [METHOD ...]: fuses every scene of the held-out truth (training/truth) the ways of METHODS, in
// one browser, as `npm run fuse -- --stretch` does; `python -m truth.score FOLDER` then compares. What is there already is left.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { parseFuseOptions } from './fuseOptions.mjs'
import { withPage } from './fuseRun.mjs'
import { placeJob } from './placeJob.mjs'

/**
 * @typedef {object} Truth what scene.json says
 * @property {{x: number, y: number, width: number, height: number}} box
 * @property {{horizon: number, fov: number}} camera
 * @property {{azimuth: number, elevation: number, disc: number, certainty: number}} light certainty: its share of the ground's light
 */

const whereFrom = (/** @type {Truth} */ { camera }) => [
  '--horizon',
  camera.horizon.toFixed(1),
  '--fov',
  camera.fov.toFixed(2),
]
const lightOf = (/** @type {Truth} */ { light: { azimuth, elevation, disc, certainty } }) =>
  [azimuth, Math.max(8, elevation), disc, certainty].map((value) => value.toFixed(2)).join(',')

/** The command line's arguments of each method, beside pictures and box. Mini 1's pictures (`mini`) were made before it went. */
const METHODS = {
  photo: () => ['--light', 'photo'],
  camera: (/** @type {Truth} */ scene) => ['--light', 'photo', ...whereFrom(scene)],
  light: (/** @type {Truth} */ scene) => ['--light', lightOf(scene)],
  true: (/** @type {Truth} */ scene) => ['--light', lightOf(scene), ...whereFrom(scene)],
}

const [folder, ...asked] = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(METHODS, name))
if (!folder || unknown.length > 0) {
  console.error(`node scripts/truth.mjs FOLDER [${Object.keys(METHODS).join(' | ')} ...]`)
  process.exit(2)
}
const methods = Object.entries(METHODS).filter(([name]) => asked.length === 0 || asked.includes(name))
const scenes = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'scene.json')))

const quiet = () => {}
await withPage(
  [],
  async (make) => {
    for (const name of scenes.sort()) {
      const file = (/** @type {string} */ one) => join(folder, name, one)
      /** @type {Truth} */
      const scene = JSON.parse(readFileSync(file('scene.json'), 'utf8'))
      const { x, y, width, height } = scene.box
      for (const [method, argumentsOf] of methods) {
        const out = file(`${method}.png`)
        if (existsSync(out)) continue
        const options = parseFuseOptions([
          ...[
            '--background',
            file('B.png'),
            '--foreground',
            file('F.png'),
            '--box',
            [x, y, width, height].join(),
          ],
          ...['--stretch', '--out', out, ...argumentsOf(scene)],
        ])
        if (options.help) throw new Error('unreachable')
        const began = performance.now()
        const answer = await make(placeJob(options))
        const seconds = ((performance.now() - began) / 1000).toFixed(1)
        console.log(name, method, answer.ok ? `${seconds} s` : JSON.stringify(answer.problem))
      }
    }
  },
  quiet,
)
