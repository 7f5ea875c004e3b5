/** Embedding tables that travel with an adapter: DreamFuse's tags, DreamO's task, index and placeholder rows. */
import { fail } from '@/base/errors'
import { readRows, type TensorEntry } from '@/weights/checkpoint'

/** Table -> number of its first rows that must be there; `dreamo_t5_embedding` gives its last ten. */
const TABLES = {
  image_tag_embeddings: 3,
  dreamo_task_embedding: 2,
  dreamo_idx_embedding: 10,
  dreamo_t5_embedding: 10,
} as const

type TableName = keyof typeof TABLES

/** Files write the names with and without `.weight`. */
const tableName = (name: string): string => name.replace(/\.weight$/, '')

export const isKnownEmbedding = (name: string): boolean => Object.hasOwn(TABLES, tableName(name))

/** What carries tables: an adapter. */
export interface WithTables {
  extra: ReadonlyMap<string, TensorEntry>
}

/**
 * The rows of a table from the first adapter that has it.
 * @param end which end of the table to read, for tables longer than needed
 */
async function table(
  adapters: readonly WithTables[],
  name: TableName,
  width: number,
  end: 'first' | 'last' = 'first',
): Promise<Float32Array | null> {
  const rows = TABLES[name]
  for (const { extra } of adapters)
    for (const [key, entry] of extra) {
      if (tableName(key) !== name) continue
      const { shape } = entry
      const fits = shape.length === 2 && shape[0] >= rows && shape[1] === width
      if (!fits || (end === 'first' && shape[0] !== rows))
        fail(
          'bad-weights',
          `The adapter's table "${key}" has the wrong shape.`,
          'Check that the adapter was made for this model.',
          `expected [${rows}, ${width}], found [${shape.join(', ')}]`,
        )
      return readRows(entry, end === 'last' ? shape[0] - rows : 0, rows)
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
  if (!task || !index)
    fail(
      'bad-weights',
      "Half of DreamO's embeddings are missing.",
      'Get the adapter file again from its authors.',
      `found only dreamo_${task ? 'task' : 'idx'}_embedding`,
    )
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
): Promise<Float32Array | null> => table(adapters, 'dreamo_t5_embedding', width, 'last')
