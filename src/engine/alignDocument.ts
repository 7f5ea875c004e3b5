/** Align: a base that takes from a reference what words of the prompt name. */
import { fail } from '@/base/errors'
import { newId } from '@/base/id'
import { promptWords } from '@/base/promptWords'
import { mapAt, otsuThreshold, wordShares } from '@/base/wordMask'
import { builtInFamily, chooseModel } from '@/document/models'
import { sampleRecipeOf } from '@/document/align/queries'
import type { AlignOptions, AlignStartInput } from '@/engine/api'
import { extraJob, type Running } from '@/engine/jobs'
import { installedPacks } from '@/engine/librarian'
import type { PictureBook } from '@/engine/pictures'
import { inRange, lorasOf, seedText, setGiven } from '@/engine/settings'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import { NO_MODEL } from '@/schema/modelRef'
import { ALIGN_PRESETS, type AlignStart, type AlignWord } from '@/schema/modes/align'

/** @throws bad-recipe for words that the prompt lacks; as reading pictures; as sampling the reference */
export async function alignDocument(
  running: Running,
  options: AlignOptions,
  book: PictureBook,
): Promise<FusionDocument> {
  const doc = emptyDocument(newId())
  doc.mode = 'align'
  doc.loras = lorasOf(options.loras)
  const { align } = doc
  align.model = options.model ?? 'painter'
  align.prompt = options.prompt
  align.unet = options.transformer ?? null
  Object.assign(align.settings, structuredClone(ALIGN_PRESETS[align.model]))
  const { width, height, steps, guidance, eta, union, maps, fusion, layers, noise } = options
  setGiven(align.settings, { width, height, steps, guidance, eta, union, maps, fusion, layers, noise })
  // With fewer steps than usual all after the first two are fused, as they are by default.
  const first = Math.min(align.settings.fused.first, Math.max(0, align.settings.steps - 2))
  align.settings.fused = options.fused ?? { first, last: align.settings.steps - 1 }
  for (const id of ['base', 'reference'] as const) {
    const start = await startOf(options[id], id, book)
    align.candidates.push({ ...{ id, start, asset: null, made: null, score: null, reconstruction: null } })
    align[id] = id
  }
  align.words = await wordsOf(running, inRange(doc), options, book)
  return doc
}

async function startOf(given: AlignStartInput, called: string, book: PictureBook): Promise<AlignStart> {
  if ('seed' in given) return { kind: 'seed', seed: seedText(given.seed) }
  const { picture, name = '' } = given
  return { kind: 'picture', asset: await book.add(name === '' ? picture : { picture, name }, called) }
}

/** The words' places in the prompt; a threshold that is not given parts the reference's own map of the word. */
async function wordsOf(
  running: Running,
  doc: FusionDocument,
  { words: given, ...options }: AlignOptions,
  book: PictureBook,
): Promise<AlignWord[]> {
  const { align } = doc
  const plain = (text: string) => text.normalize('NFC').toLowerCase()
  const there = promptWords(align.prompt).map(({ text }) => plain(text))
  const asked = given.map((one) => (typeof one === 'string' ? { word: one, threshold: null } : one))
  const placed = asked.map(({ word, threshold }) => {
    const index = there.indexOf(plain(word.trim()))
    if (index < 0)
      fail('bad-recipe', `“${word}” is no word of the prompt.`, 'Choose among the words of the prompt.')
    return { index, threshold }
  })
  if (placed.every(({ threshold }) => threshold !== null))
    return placed.map(({ index, threshold }) => ({ index, threshold: threshold ?? 0 }))
  const start = align.candidates[1].start
  const { builtIn } = running.info
  const family = builtInFamily(doc)
  const ships = family && builtIn[family]
  const { model } = chooseModel(
    doc,
    ships ? { name: ships.name, hash: ships.hash, parts: [] } : NO_MODEL,
    family ? [] : await installedPacks(),
  )
  const rasters = start.kind === 'picture' ? book.pixelsOf([start.asset]) : []
  const recipe = sampleRecipeOf(align, model, [start])
  const [sampled] = await extraJob(running, { kind: 'sample', recipe, rasters }, options)
  const map = mapAt(sampled.maps, null, align.settings)
  return placed.map(({ index, threshold }) => ({
    index,
    threshold: threshold ?? otsuThreshold(wordShares(map, sampled.maps.words, index)),
  }))
}
