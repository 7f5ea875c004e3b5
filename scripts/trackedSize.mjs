// Whoever clones the repo clones all of it: tracked files stay small. Part of `npm run lint`.
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from './build.mjs'

const MOST_MB = 58

if (existsSync(join(ROOT, '.git'))) {
  const names = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e8 })
  const files = names
    .split('\0')
    .filter((name) => name !== '' && existsSync(join(ROOT, name)))
    .map((name) => ({ name, mb: statSync(join(ROOT, name)).size / 1e6 }))
    .sort((a, b) => b.mb - a.mb)
  const total = files.reduce((sum, { mb }) => sum + mb, 0)
  console.log(`${files.length} tracked files, ${total.toFixed(1)} MB of ${MOST_MB}`)
  if (total > MOST_MB) {
    console.error('Too much: keep it out of the repo, or make something smaller. The largest:')
    for (const { name, mb } of files.slice(0, 20)) console.error(`${mb.toFixed(2).padStart(7)} MB  ${name}`)
    process.exitCode = 1
  }
}
