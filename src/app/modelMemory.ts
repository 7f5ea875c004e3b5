import * as v from 'valibot'

import { LoraRole } from '@/schema/pack'
import { MEMORY_GB, type Unfinished } from '@/ui/stores/models'

const MEMORY_KEY = 'inlay-memory'
const CUTTER_KEY = 'inlay-cutter'
const UNFINISHED_KEY = 'inlay-unfinished'

const UnfinishedList = v.array(
  v.object({
    id: v.string(),
    url: v.nullable(v.string()),
    sha256: v.nullable(v.string()),
    files: v.array(v.string()),
    choice: v.object({
      name: v.string(),
      precision: v.picklist(['q4', 'q8', 'f16']),
      role: v.nullable(LoraRole),
      answer: v.optional(v.nullable(v.number())),
    }),
    doneBytes: v.number(),
    totalBytes: v.number(),
  }),
)

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as unknown
  } catch {
    return null
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Private windows may forbid it; the setting then lasts as long as the page.
  }
}

/** GB of the device's memory that this browser's user gives to FLUX runs. */
export function recallMemory(): number {
  const found = v.safeParse(
    v.pipe(v.number(), v.minValue(MEMORY_GB.least), v.maxValue(MEMORY_GB.most)),
    read(MEMORY_KEY),
  )
  return found.success ? found.output : MEMORY_GB.default
}
export const rememberMemory = (gigabytes: number): void => write(MEMORY_KEY, gigabytes)

/** The pack that finds main objects; null: the built-in network. */
export function recallCutter(): string | null {
  const found = v.safeParse(v.string(), read(CUTTER_KEY))
  return found.success ? found.output : null
}
export const rememberCutter = (id: string | null): void => write(CUTTER_KEY, id)

/** Imports that an earlier session left half done. */
export function recallUnfinished(): Unfinished[] {
  const found = v.safeParse(UnfinishedList, read(UNFINISHED_KEY))
  return found.success ? found.output : []
}
export const rememberUnfinished = (list: Unfinished[]): void => write(UNFINISHED_KEY, list)
