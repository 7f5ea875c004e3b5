// node scripts/composites.mjs OUT things=FOLDER landscapes=FOLDER ...: makes the composites of composites.json that docs/place-photos.md
// judges, as `npm run fuse` does, in one browser. Their pictures lie in folders that are named here; `samples` is known. What is there
// already is left.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from './build.mjs'
import { parseFuseOptions } from './fuseOptions.mjs'
import { withPage } from './fuseRun.mjs'
import { placeJob } from './placeJob.mjs'

/** @typedef {{name: string, background: string, foregrounds: [picture: string, box: string][]}} Composite */

const [out, ...named] = process.argv.slice(2)
/** @type {Record<string, string>} */
const folders = {
  samples: join(ROOT, 'public', 'samples'),
  ...Object.fromEntries(named.map((text) => text.split('=', 2))),
}
/** @type {Composite[]} */
const composites = JSON.parse(readFileSync(join(ROOT, 'scripts', 'composites.json'), 'utf8'))
const kinds = composites.flatMap(({ background, foregrounds }) => [
  background.split('/')[0],
  ...foregrounds.map(([picture]) => picture.split('/')[0]),
])
const missing = [...new Set(kinds)].filter((kind) => folders[kind] === undefined)
if (!out || missing.length > 0) {
  console.error(`node scripts/composites.mjs OUT ${missing.map((kind) => `${kind}=FOLDER`).join(' ')}`)
  process.exit(2)
}
const fileOf = (/** @type {string} */ picture) => {
  const [kind, name] = picture.split('/')
  return join(folders[kind], name)
}

mkdirSync(out, { recursive: true })
const quiet = () => {}
await withPage(
  [],
  async (make) => {
    for (const { name, background, foregrounds } of composites) {
      const target = join(out, `${name}.png`)
      if (existsSync(target)) continue
      const options = parseFuseOptions([
        ...['--background', fileOf(background), '--out', target],
        ...foregrounds.flatMap(([picture, box]) => ['--foreground', fileOf(picture), '--box', box]),
      ])
      if (options.help) throw new Error('unreachable')
      const answer = await make(placeJob(options))
      console.log(name, answer.ok ? 'made' : JSON.stringify(answer.problem))
    }
  },
  quiet,
)
