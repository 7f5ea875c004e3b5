/** What dropped files are and what their import would cost; reads headers and JSON only. */
import { problemOf, type Problem } from '@/base/errors'
import type { BuiltInFamily, LoraRole, PackFamily } from '@/schema/pack'
import { fileBytes, type ByteSource } from '@/weights/bytes'
import { groupFiles } from '@/weights/groups'
import { identify, partsOf, type ModelBase } from '@/weights/identify'
import { hasPrecision, planOf, prepareImport, resumableBytes } from '@/weights/importer'
import type { Precision } from '@/weights/importPlan'
import type { NetworkFamily } from '@/weights/networks'

/** The page's `Inspection`. */
export interface GroupInspection {
  family: Exclude<PackFamily, BuiltInFamily>
  /** Which network of the files it is, where they hold several. */
  part: NetworkFamily | null
  base: ModelBase | null
  name: string
  description: string
  parameters: number
  sourceBytes: number
  role: LoraRole | null
  packBytes: Partial<Record<Precision, number>>
  bytesAsPublished: number
  resumableBytes: number
}

type Found = { ok: true; value: GroupInspection } | { ok: false; problem: Problem }

/**
 * Groups dropped files by what belongs together and says what each group is. Files that hold several networks are
 * listed once for each.
 */
export async function inspectFiles(files: readonly File[]): Promise<{ files: File[]; found: Found }[]> {
  const groups = await groupFiles(files.map((file) => ({ ...fileBytes(file, file.name), file })))
  const inspections: { files: File[]; found: Found }[] = []
  for (const group of groups)
    for (const found of await inspectGroup(group))
      inspections.push({ files: group.map(({ file }) => file), found })
  return inspections
}

/** What a group is, or what each of its parts is. */
export async function inspectGroup(group: readonly ByteSource[]): Promise<Found[]> {
  try {
    const parts = await partsOf(group)
    return await Promise.all((parts.length > 0 ? parts : [null]).map((part) => inspectPart(group, part)))
  } catch (error) {
    return [{ ok: false, problem: problemOf(error) }]
  }
}

async function inspectPart(group: readonly ByteSource[], part: NetworkFamily | null): Promise<Found> {
  try {
    const found = await identify(group, undefined, part)
    const packBytes: Partial<Record<Precision, number>> = {}
    // CLIP is too small for four bits to matter, and its errors colour the whole picture.
    const isClip = found.family === 'clipText' || found.family === 'clip'
    const precisions: Precision[] = isClip ? ['q8', 'f16'] : ['q4', 'q8', 'f16']
    if (found.kind === 'network')
      for (const precision of hasPrecision(found) ? precisions : (['f16'] as const))
        packBytes[precision] = planOf(found, precision)?.bytes
    let resumable = 0
    for (const precision of Object.keys(packBytes).length
      ? (Object.keys(packBytes) as Precision[])
      : precisions)
      resumable = Math.max(resumable, await resumableBytes(await prepareImport(found, precision)))
    const sourceBytes = group.reduce((sum, { size }) => sum + size, 0)
    return {
      ok: true,
      value: {
        family: found.family as GroupInspection['family'],
        part,
        base: found.base,
        name: found.name,
        description: found.description,
        parameters: found.parameters,
        sourceBytes,
        role: found.kind === 'lora' ? found.config.role : null,
        packBytes,
        bytesAsPublished: found.files.reduce((sum, { size }) => sum + size, 0),
        resumableBytes: resumable,
      },
    }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}
