import { readFile, writeFile } from 'node:fs/promises'

import { unzipSync, zipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'

import { encodePng } from '@/assets/png'
import { encodeChunk } from '@/assets/pngChunks'
import { paint } from '@/assets/testImages'
import { InlayError, type Problem } from '@/base/errors'
import { sha256 } from '@/base/sha256'
import { openProject, writeProject, type Project } from '@/project/projectFile'
import { readProjectPicture, readProjectResult } from '@/project/projectPictures'
import { projectBytes, testProject, type TestProject } from '@/project/testProject'

/** What version 1 wrote, and what will open for ever; written here, once, with INLAY_WRITE_FIXTURES=1. */
const FIXTURE = new URL('./fixtures/v1.inlay', import.meta.url)

type Bytes = Uint8Array<ArrayBuffer>
type Files = Record<string, Uint8Array>

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof InlayError) return error.problem
    throw error
  }
  throw new Error('expected a problem')
}

const open = (bytes: Bytes) => openProject(new Blob([bytes]))
/** Opens it and reads all that lies in it. */
async function readAll(bytes: Bytes): Promise<Project> {
  const project = await open(bytes)
  for (const picture of project.pictures) await readProjectPicture(picture)
  for (const result of project.results) await readProjectResult(result)
  return project
}

const zipped = (files: Files, level: 0 | 6 = 0) => zipSync(files, { level }) as Bytes
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

let made: TestProject
let whole: Bytes
beforeAll(async () => {
  made = await testProject()
  whole = await projectBytes(made.source)
})

/** The same project with its files changed. */
function changed(change: (files: Files) => void): Bytes {
  const files: Files = { ...unzipSync(whole) }
  change(files)
  return zipped(files)
}

interface Manifest {
  schema: number
  document: { schema: number; layers: { box: { width: number } }[] }
  pictures: { hash: string; width: number; height: number }[]
  missing: string[]
  results: {
    id: string
    time: unknown
    starred?: boolean
    recipe: { schema: number; seed: unknown }
    sha256: string
  }[]
}
const rewritten = (change: (manifest: Manifest, files: Files) => void): Bytes =>
  changed((files) => {
    const manifest = JSON.parse(new TextDecoder().decode(files['project.json'])) as Manifest
    change(manifest, files)
    files['project.json'] = text(manifest)
  })

const refused = async (bytes: Bytes) => {
  const { code, message, detail = '' } = await problemOf(readAll(bytes))
  return `${code}: ${message} ${detail}`
}

describe('a project', () => {
  it('comes back as it was saved', async () => {
    const project = await readAll(whole)
    const { source, rasters } = made
    expect(project).toMatchObject({ writer: 'Inlay 0.1.0', document: source.document, missing: 0 })
    expect(project.results).toMatchObject(source.results)
    expect(project.pictures.map(({ hash }) => hash).sort()).toEqual([...rasters.keys()].sort())
    for (const picture of project.pictures)
      expect((await readProjectPicture(picture)).raster).toEqual(rasters.get(picture.hash))
    const png = await (await source.openResult(''))!.bytes()
    expect((await readProjectResult(project.results[0])).png).toEqual(png)
  })

  it('is the same file whenever it is saved', async () => {
    expect(await projectBytes((await testProject()).source)).toEqual(whole)
  })

  it('of version 1 opens for ever', async () => {
    if (process.env.INLAY_WRITE_FIXTURES) await writeFile(FIXTURE, whole)
    const kept = new Uint8Array(await readFile(FIXTURE))
    expect(kept.length).toBeLessThan(10_000)
    const { document, results, pictures } = await readAll(kept)
    // Stars came later, without another version.
    expect(results).toMatchObject([{ starred: false }])
    expect(document).toMatchObject({
      name: 'Ball in a room',
      prompt: 'a red ball',
      settings: { seed: '77' },
      layers: [{ box: { x: 1.5, y: 1, width: 2, height: 2.5 } }, { kind: 'result' }],
    })
    expect(results).toMatchObject([{ time: 1_770_000_000_000, recipe: { mode: 'place', seed: '77' } }])
    expect(pictures).toHaveLength(3)
  })

  it('keeps stars, and when its results were made', async () => {
    const [result] = made.source.results
    const other = { ...result, id: '99999999-8888-4777-8666-555555555556', time: 5 }
    const bytes = await projectBytes({ ...made.source, results: [{ ...result, starred: true }, other] })
    expect((await readAll(bytes)).results).toMatchObject([
      { time: result.time, starred: true },
      { time: 5, starred: false },
    ])
  })

  it('opens whatever moment a result claims, as long as that is a number', async () => {
    for (const time of [-1, 0.5, 1e300])
      expect((await readAll(rewritten(({ results }) => (results[0].time = time)))).results).toMatchObject([
        { time },
      ])
    expect(await refused(rewritten(({ results }) => (results[0].time = 'noon')))).toMatch(
      /^bad-archive: .*time/,
    )
  })

  it('says what is gone and saves the rest', async () => {
    const [lost] = made.rasters.keys()
    const bytes = await projectBytes({
      ...made.source,
      openPicture: (asset) => (asset.hash === lost ? Promise.resolve(null) : made.source.openPicture(asset)),
      openResult: () => Promise.resolve(null),
    })
    expect(await readAll(bytes)).toMatchObject({ missing: 1, results: [], document: made.source.document })
  })

  it('tells how far it is, and ends when it is stopped', async () => {
    const stop = new AbortController()
    const heard: string[] = []
    const pieces = writeProject(made.source, stop.signal, (done, total) => {
      heard.push(`${done} of ${total}`)
      if (done === 2) stop.abort()
    })
    const rest = async () => {
      while (!(await pieces.next()).done);
    }
    await expect(rest()).rejects.toThrow(/abort/i)
    expect(heard).toEqual(['1 of 4', '2 of 4'])
  })

  it('of more than a zip can hold is not written', async () => {
    const large = Object.defineProperty(new Blob(), 'size', { value: 5e9 })
    const source = { ...made.source, openPicture: () => Promise.resolve(large) }
    expect(await problemOf(projectBytes(source))).toMatchObject({ code: 'unsupported' })
  })
})

describe('a file that is no whole project is refused:', () => {
  it('one that is cut off anywhere', async () => {
    for (const length of [0, 10, 100, whole.length >> 1, whole.length - 1])
      expect(await refused(whole.slice(0, length))).toMatch(/^bad-archive: .*cut off/)
    expect(await refused(whole.slice(100))).toMatch(/^bad-archive/)
  })

  it('one with a byte that has changed', async () => {
    const flipped = whole.slice()
    // In the pixels of a picture.
    flipped[new TextDecoder('latin1').decode(whole).indexOf('IDAT') + 8] ^= 1
    expect(await refused(flipped)).toMatch(/^bad-archive: .*has changed/)
  })

  it('one without list of contents, or with one that is none', async () => {
    expect(await refused(changed((files) => Reflect.deleteProperty(files, 'project.json')))).toMatch(
      /^bad-archive: .*lacks "project.json"/,
    )
    expect(await refused(zipped({ 'holiday.jpg': text('') }))).toMatch(/lacks "project.json"/)
    for (const odd of ['{', '['.repeat(1e5), '\xff'])
      expect(
        await refused(
          changed((files) => (files['project.json'] = Uint8Array.from(odd, (c) => c.charCodeAt(0)))),
        ),
      ).toMatch(/^bad-archive: .*"project.json" is no JSON/)
    expect(await refused(rewritten((all) => Reflect.set(all, 'kind', 'inlay-preferences')))).toMatch(
      /^bad-archive: The list of contents .*kind/,
    )
  })

  it('one of a newer version: of the file, the document or a recipe', async () => {
    const newer = [
      rewritten((all) => (all.schema = 2)),
      rewritten((all) => (all.document.schema = 99)),
      rewritten((all) => (all.results[0].recipe.schema = 99)),
    ]
    for (const bytes of newer)
      expect(await refused(bytes)).toMatch(/^unsupported: This project was saved by a newer version/)
  })

  it('one whose document or recipe the studio does not take', async () => {
    expect(await refused(rewritten(({ document }) => (document.layers[0].box.width = -1)))).toMatch(
      /^bad-document: .*layers\.0\.box\.width/,
    )
    expect(await refused(rewritten(({ results }) => (results[0].recipe.seed = 'seven')))).toMatch(
      /^bad-recipe: .*seed/,
    )
  })

  it('one that lacks a picture or a result, or names one twice', async () => {
    const picture = (files: Files) => Object.keys(files).find((name) => name.startsWith('pictures/'))!
    expect(await refused(changed((files) => Reflect.deleteProperty(files, picture(files))))).toMatch(
      /^missing-asset/,
    )
    expect(await refused(rewritten(({ pictures }) => pictures.pop()))).toMatch(/^missing-asset/)
    expect(
      await refused(
        changed((files) => Reflect.deleteProperty(files, `results/${made.source.results[0].id}.png`)),
      ),
    ).toMatch(/^missing-asset/)
    expect(await refused(rewritten(({ results }) => results.push(results[0])))).toMatch(/lists .* twice/)
    expect(await refused(rewritten(({ pictures }) => pictures.push(pictures[0])))).toMatch(/lists .* twice/)
  })

  it('one whose pictures are others than it says', async () => {
    const other = await encodePng(paint(6, 4, () => [1, 2, 3, 255]))
    const replaced = (name: RegExp, by: Uint8Array) =>
      refused(
        changed((files) => {
          for (const one of Object.keys(files)) if (name.test(one)) files[one] = by
        }),
      )
    expect(await replaced(/^pictures/, other)).toMatch(/^hash-mismatch: A picture/)
    expect(await replaced(/^results/, other)).toMatch(/^hash-mismatch: A result/)
    expect(await replaced(/^pictures/, text('no picture'))).toMatch(/^bad-image/)
    expect(await replaced(/^pictures/, other.slice(0, -20))).toMatch(/^bad-image|^hash-mismatch/)
    expect(await refused(rewritten(({ pictures }) => (pictures[0].width = 9)))).toMatch(/two different sizes/)
  })
})

describe('a file that means harm is refused:', () => {
  it.each([
    '../evil.png',
    'pictures/../../evil.png',
    '/etc/evil',
    'C:/evil',
    'pictures\\..\\evil.png',
    './project.json',
    'evil\0.png',
  ])('one that leads elsewhere: %j', async (name) => {
    expect(await refused(changed((files) => (files[name] = text(''))))).toMatch(
      /^bad-archive: This file tries to reach outside/,
    )
  })

  it('ids that are paths', async () => {
    expect(await refused(rewritten(({ results }) => (results[0].id = '../../x')))).toMatch(/expected a UUID/)
    expect(await refused(rewritten(({ pictures }) => (pictures[0].hash = '../../x')))).toMatch(/sha256/)
  })

  it('one with the same name twice', async () => {
    const twice = changed((files) => (files['project.jsom'] = text({})))
    const latin = new TextDecoder('latin1').decode(twice)
    const bytes = Uint8Array.from(latin.replaceAll('project.jsom', 'project.json'), (c) => c.charCodeAt(0))
    expect(await refused(bytes)).toMatch(/^bad-archive: .*two files "project.json"/)
  })

  it('one that is compressed: nothing of it is ever inflated', async () => {
    const bomb = zipped({ 'project.json': new Uint8Array(5e6) }, 6)
    expect(bomb.length).toBeLessThan(100_000)
    expect(await refused(bomb)).toMatch(/^bad-archive: .*is compressed/)
  })

  it('one whose files share their bytes or claim more than there is', async () => {
    // Two entries of the table that point at one file's bytes.
    const files = { ...unzipSync(whole), 'a.png': new Uint8Array(5000), 'b.png': new Uint8Array(0) }
    const bytes = zipped(files)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const entries: Record<string, number> = {}
    for (let at = 0; at + 46 < bytes.length; at++)
      if (view.getUint32(at, true) === 0x02014b50)
        entries[new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + view.getUint16(at + 28, true)))] =
          at
    const [from, to] = [entries['a.png'], entries['b.png']]
    for (const field of [16, 20, 24, 42]) view.setUint32(to + field, view.getUint32(from + field, true), true)
    expect(await refused(bytes)).toMatch(/^bad-archive: .*claim \d+ bytes/)
    for (const field of [20, 24]) view.setUint32(to + field, 0xfffffff0, true)
    expect(await refused(bytes)).toMatch(/^bad-archive: .*claim \d+ bytes/)
  })

  it('one of more files than any real one', async () => {
    const many = Object.fromEntries(Array.from({ length: 42_000 }, (_, i) => [`${i}`, new Uint8Array(0)]))
    expect(await refused(zipped(many))).toMatch(/^bad-archive: .*42000 files/)
  })

  it('one whose picture claims to be gigabytes of pixels', async () => {
    const header = new Uint8Array(13)
    const view = new DataView(header.buffer)
    view.setUint32(0, 16384)
    view.setUint32(4, 16384)
    header.set([8, 6], 8)
    const png = await encodePng(paint(1, 1, () => [0, 0, 0, 255]))
    png.set(encodeChunk('IHDR', header), 8)
    const digest = await sha256(png)
    const bytes = rewritten(({ results }, files) => {
      files[`results/${results[0].id}.png`] = png
      results[0].sha256 = digest
    })
    expect(await refused(bytes)).toMatch(/^image-too-large/)
  })
})
