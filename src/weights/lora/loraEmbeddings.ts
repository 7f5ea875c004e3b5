/** Tables that travel with an adapter: DreamFuse's tags, DreamO's task, index and placeholder rows, a text for FLUX.2. */
import { fail } from '@/base/errors'
import type { AdapterTargets, EmbeddingTable } from '@/families/family'
import { FLUX_TABLES } from '@/families/flux/adapters'
import { FLUX2_TABLES } from '@/families/flux2/adapters'
import { isReadable } from '@/weights/formats/quantised'
import { readRows, type TensorEntry } from '@/weights/formats/tensorEntry'

const TABLES = { ...FLUX_TABLES, ...FLUX2_TABLES }
type TableName = keyof typeof TABLES

/** Files write the names with and without `.weight`. */
const tableName = (name: string): string => name.replace(/\.weight$/, '')

type Tables = Pick<AdapterTargets, 'tables'>

export const isKnownEmbedding = ({ tables }: Tables, name: string): boolean =>
  Object.hasOwn(tables, tableName(name))

/** What carries tables: an adapter. */
export interface WithTables {
  extra: ReadonlyMap<string, TensorEntry>
}

/**
 * Holds all tables of an adapter against the widths of a model's linears.
 * @throws bad-weights when one has another shape, or lacks the other that it is worth nothing without
 */
export function checkTables(
  { extra }: WithTables,
  { tables }: Tables,
  linears: ReadonlyMap<string, readonly [rows: number, cols: number]>,
): void {
  const brought = new Set([...extra.keys()].map(tableName))
  for (const [key, entry] of extra) {
    const name = tableName(key)
    if (!Object.hasOwn(tables, name)) continue
    const table = tables[name]
    const [linear, side] = table.width
    const size = linears.get(linear)
    if (size) checkTable(key, entry, table, size[side === 'rows' ? 0 : 1])
    if (table.needs !== undefined && !brought.has(table.needs)) halfMissing(name)
  }
}

function checkTable(
  key: string,
  { shape, ...entry }: TensorEntry,
  { rows, mayBeLonger }: EmbeddingTable,
  width: number,
): void {
  // Some have an axis for a batch of one before theirs.
  const [count, ...rest] = shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape
  const fits = rest.length === 1 && rest[0] === width && (mayBeLonger ? count >= rows : count === rows)
  if (!fits || !isReadable(entry))
    fail(
      'bad-weights',
      `The adapter's table "${key}" has the wrong shape.`,
      'Check that the adapter was made for this model.',
      `expected [${rows}, ${width}], found [${shape.join(', ')}]`,
    )
}

function halfMissing(found: string): never {
  return fail(
    'bad-weights',
    "Half of DreamO's embeddings are missing.",
    'Get the adapter file again from its authors.',
    `found only ${found}`,
  )
}

/** The rows of a table from the first adapter that has it, its last ones where it is longer. */
async function table(
  adapters: readonly WithTables[],
  name: TableName,
  width: number,
): Promise<Float32Array | null> {
  const { rows } = TABLES[name]
  for (const { extra } of adapters)
    for (const [key, entry] of extra) {
      if (tableName(key) !== name) continue
      checkTable(key, entry, TABLES[name], width)
      return entry.shape.length === 3 ? readRows(entry, 0, 1) : readRows(entry, entry.shape[0] - rows, rows)
    }
  return null
}

/**
 * DreamFuse's tags of target, foreground, background: [3, hidden]; null when no adapter brings them.
 * @throws bad-weights when the table has another shape
 */
export const imageTags = (adapters: readonly WithTables[], hidden: number): Promise<Float32Array | null> =>
  table(adapters, 'image_tag_embeddings', hidden)

/** DreamO's rows that are added to image tokens (specs: DreamO §3). */
export interface DreamoEmbeddings {
  /** Row 0 for references, row 1 for the target: [2, hidden] */
  task: Float32Array
  /** Row n for reference n, counted from 1; row 0 is unused: [10, hidden] */
  index: Float32Array
}

/** @throws bad-weights when a table has another shape or only one of the two is there; null when neither is. */
export async function dreamoEmbeddings(
  adapters: readonly WithTables[],
  hidden: number,
): Promise<DreamoEmbeddings | null> {
  const task = await table(adapters, 'dreamo_task_embedding', hidden)
  const index = await table(adapters, 'dreamo_idx_embedding', hidden)
  if (!task && !index) return null
  if (!task || !index) halfMissing(`dreamo_${task ? 'task' : 'idx'}_embedding`)
  return { task, index }
}

/**
 * T5 rows of DreamO's placeholders `[ref#1]`…`[ref#9]`, `[res]`: [10, width], ids 32100 to 32109; null when absent.
 * The file may hold a whole vocabulary before them (specs: DreamO §5).
 * @throws bad-weights when the table has another width or fewer rows
 */
export const placeholderRows = (
  adapters: readonly WithTables[],
  width: number,
): Promise<Float32Array | null> => table(adapters, 'dreamo_t5_embedding', width)

/**
 * Features of the text that an adapter for FLUX.2 was trained with, [512, width]; null where none brings them.
 * @throws bad-weights when they have another shape
 */
export const shippedText = (adapters: readonly WithTables[], width: number): Promise<Float32Array | null> =>
  table(adapters, 'prompt_embeds', width)
