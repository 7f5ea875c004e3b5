// Pictures side by side on a page: of --grid and of klein-grid.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { withPage } from './fuseRun.mjs'

const escaped = (/** @type {string} */ text) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`)

/** @typedef {{file: string, about: string, facts: string, notes: string[]}} Figure */

/** @param {string} title @param {Figure[]} figures @param {number | null} [columns] as many as fit where there is no number */
function sheetOf(title, figures, columns = null) {
  const shown = figures.map(({ file, about, facts, notes }) => {
    const told = notes.map((note) => `<br>${escaped(note)}`).join('')
    const picture = `<a href="${encodeURI(file)}"><img src="${encodeURI(file)}" alt="${escaped(about)}"></a>`
    return `<figure>${picture}<figcaption><b>${escaped(about)}</b><br>${escaped(facts)}${told}</figcaption></figure>`
  })
  const tracks = columns === null ? 'auto-fill,minmax(340px,1fr)' : `${columns},minmax(160px,1fr)`
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>:root{color-scheme:light dark}body{font:14px/1.4 system-ui;margin:16px}main{display:grid;grid-template-columns:repeat(${tracks});gap:16px}figure{margin:0}img{width:100%}</style>
<h1>${escaped(title)}</h1>
<main>
${shown.join('\n')}
</main>
</html>
`
}

/**
 * Makes all pictures on one page and writes them beside index.html, which shows them.
 * @param {{title: string, folder: string, columns?: number | null}} sheet
 * @param {{file: string, about: string, job: import('./fuseRun.mjs').Job}[]} cells
 * @returns {Promise<{sheet: string, pictures: number} | {code: string}>} or the problem that ended it
 */
export async function makeSheet({ title, folder, columns = null }, cells) {
  mkdirSync(folder, { recursive: true })
  const jobs = cells.map(({ file, job }) => ({ ...job, layers: null, out: join(folder, file) }))
  return withPage(jobs, async (make) => {
    /** @type {Figure[]} */
    const figures = []
    for (const [index, job] of jobs.entries()) {
      const { file, about } = cells[index]
      console.error(about)
      const answer = await make(job)
      if (!answer.ok) return answer.problem
      const facts = `${answer.stats.seconds.total.toFixed(1)} s on ${answer.stats.backend}`
      figures.push({ file, about, facts, notes: answer.notes })
    }
    const sheet = join(folder, 'index.html')
    writeFileSync(sheet, sheetOf(title, figures, columns))
    return { sheet, pictures: figures.length }
  })
}
