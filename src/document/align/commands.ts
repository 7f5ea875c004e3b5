import type { Draft } from 'immer'
import * as v from 'valibot'

import { fail } from '@/base/errors'
import { byScore } from '@/document/align/queries'
import { changeOf } from '@/document/changes'
import type { DocumentStore } from '@/document/store'
import {
  ALIGN_PRESETS,
  AlignPart,
  AlignSettings,
  AlignWord,
  MAX_CANDIDATES,
  type AlignModel,
  type Candidate,
} from '@/schema/modes/align'

// Commands of Align. Like those in commands.ts, each is one undoable step and leaves a document that its schema
// accepts; a value out of range changes nothing.

export type AlignRole = 'base' | 'reference'

/** Picks a word with a threshold to begin with, or drops it. */
export function toggleWord(store: DocumentStore, index: number, threshold: number): void {
  const { words } = store.getState().document.align
  const picked = words.some((word) => word.index === index)
  if (!picked && !v.is(AlignPart.entries.words, [...words, { index, threshold }])) return
  store.actions.apply(picked ? 'Drop word' : 'Pick word', ({ align }) => {
    if (picked) align.words = align.words.filter((word) => word.index !== index)
    else align.words.push({ index, threshold })
  })
}

/** From which share on a cell belongs to a picked word; quick changes of the same word are one step. */
export function setThreshold(store: DocumentStore, index: number, threshold: number): void {
  if (!v.is(AlignWord, { index, threshold })) return
  store.actions.apply(
    'Change threshold',
    ({ align }) => {
      const word = align.words.find((one) => one.index === index)
      if (word) word.threshold = threshold
    },
    `threshold:${index}`,
  )
}

/**
 * Adds a sampled or inverted picture, or brings the one with its id up to date. All of one job are one step.
 * @throws bad-document when the gallery is full
 */
export function addCandidate(store: DocumentStore, candidate: Candidate, jobId: string): void {
  const { candidates } = store.getState().document.align
  const at = candidates.findIndex(({ id }) => id === candidate.id)
  if (at < 0 && candidates.length >= MAX_CANDIDATES)
    fail('bad-document', `The gallery holds at most ${MAX_CANDIDATES} pictures.`, 'Remove some first.')
  store.actions.apply(
    at < 0 ? 'Sample pictures' : 'Sample again',
    ({ align }) => {
      if (at < 0) align.candidates.push(candidate)
      else align.candidates[at] = candidate
    },
    `sample:${jobId}`,
    Infinity,
  )
}

/** Gives the roles that nobody has: the best picture becomes the reference, the worst the base. Part of a job's step. */
export function giveRoles(store: DocumentStore, jobId: string): void {
  store.actions.apply(
    'Sample pictures',
    ({ align }) => {
      const has = (id: string | null) => align.candidates.some((one) => one.id === id)
      const sorted = byScore(align.candidates)
      if (sorted.length < 2) return
      if (!has(align.reference)) align.reference = sorted.find(({ id }) => id !== align.base)?.id ?? null
      if (!has(align.base)) align.base = sorted.findLast(({ id }) => id !== align.reference)?.id ?? null
    },
    `sample:${jobId}`,
    Infinity,
  )
}

/** Takes a candidate out, and its roles with it. */
export function dropCandidate(align: Draft<AlignPart>, id: string): void {
  align.candidates = align.candidates.filter((one) => one.id !== id)
  if (align.base === id) align.base = null
  if (align.reference === id) align.reference = null
}

export function removeCandidate(store: DocumentStore, id: string): void {
  if (!store.getState().document.align.candidates.some((one) => one.id === id)) return
  store.actions.apply('Remove picture', ({ align }) => dropCandidate(align, id))
}

export function clearCandidates(store: DocumentStore): void {
  store.actions.apply('Remove all pictures', ({ align }) => {
    align.candidates = []
    align.base = null
    align.reference = null
  })
}

/** Chooses base or reference; whoever has the other role hands it over in exchange. */
export function setRole(store: DocumentStore, role: AlignRole, id: string): void {
  const { align: now } = store.getState().document
  if (now[role] === id || !now.candidates.some((one) => one.id === id)) return
  const other: AlignRole = role === 'base' ? 'reference' : 'base'
  store.actions.apply(role === 'base' ? 'Choose base' : 'Choose reference', ({ align }) => {
    if (align[other] === id) align[other] = align[role]
    align[role] = id
  })
}

/** Sets some of the settings; quick changes of the same ones are one step. The fused steps follow their number. */
export function setAlign(store: DocumentStore, change: Partial<AlignSettings>): void {
  const { settings } = store.getState().document.align
  const next = { ...settings, ...change, ...fusedFor(settings, change) }
  if (!v.is(AlignSettings, next)) return
  const keys = Object.keys(change)
  store.actions.apply(
    changeOf(change),
    ({ align }) => {
      align.settings = next
    },
    `align:${keys.join()}`,
  )
}

/** A range that went up to the last step goes on doing so; no range ends behind the last step. */
function fusedFor({ steps, fused }: AlignSettings, change: Partial<AlignSettings>): Partial<AlignSettings> {
  if (change.steps === undefined || change.fused) return {}
  const last = fused.last >= steps - 1 ? change.steps - 1 : Math.min(fused.last, change.steps - 1)
  return { fused: { first: Math.min(fused.first, Math.max(0, last)), last: Math.max(0, last) } }
}

/** Another model, with the settings that suit it; how words become a mask stays as it was chosen. */
export function setAlignPreset(store: DocumentStore, preset: keyof typeof ALIGN_PRESETS): void {
  const model: AlignModel = preset === 'painter' ? 'painter' : 'sd'
  store.actions.apply('Change model', ({ align }) => {
    align.model = model
    Object.assign(align.settings, structuredClone(ALIGN_PRESETS[preset]))
  })
}

/** How many seeds the next sampling draws. */
export function setSampleCount(store: DocumentStore, count: number): void {
  if (!v.is(AlignPart.entries.count, count)) return
  store.actions.apply(
    'Change number of pictures',
    ({ align }) => {
      align.count = count
    },
    'sample-count',
  )
}

/** Which of several installed U-Nets runs; null: the newest. */
export function setUnet(store: DocumentStore, hash: string | null): void {
  if (store.getState().document.align.unet === hash) return
  store.actions.apply('Change U-Net', ({ align }) => {
    align.unet = hash
  })
}
