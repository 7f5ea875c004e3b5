/** What dropped files are and what their import would cost; reads headers and JSON only. */
import { problemOf, type Problem } from '@/base/errors'
import { NETWORKS, type FamilyId, type NetworkFamily } from '@/families/registry'
import type { Precision } from '@/families/family'
import type { ImportedFamily, LoraRole } from '@/schema/pack'
import { fileBytes, type ByteSource } from '@/weights/formats/bytes'
import { groupFiles } from '@/weights/import/groups'
import { identify, partsOf, targetOf, type ImportQuestion } from '@/weights/import/identify'
import type { AdapterTarget } from '@/weights/lora/adapterFit'
import { installedTargets } from '@/weights/packs/installed'
import { hasPrecision, planOf, prepareImport, resumableBytes } from '@/weights/import/importer'

/** The page's `Inspection`. */
export interface GroupInspection {
  family: ImportedFamily
  /** Which network of the files it is, where they hold several. */
  part: NetworkFamily | null
  base: FamilyId | null
  name: string
  description: string
  parameters: number
  sourceBytes: number
  role: LoraRole | null
  packBytes: Partial<Record<Precision, number>>
  bytesAsPublished: number
  resumableBytes: number
  /** What people should know of it; sentences. */
  notes: readonly string[]
  /** What has to be said of it before it is imported; null: nothing. */
  question: ImportQuestion | null
}

type Found = { ok: true; value: GroupInspection } | { ok: false; problem: Problem }

/**
 * Groups dropped files by what belongs together and says what each group is. Files that hold several networks are
 * listed once for each.
 * @param seen models that were looked at before and may be imported yet; those of this drop join them
 */
export async function inspectFiles(
  files: readonly File[],
  seen: AdapterTarget[] = [],
): Promise<{ files: File[]; found: Found }[]> {
  const groups = await groupFiles(files.map((file) => ({ ...fileBytes(file, file.name), file })))
  const inspections: { files: File[]; found: Found }[] = []
  const installed = await installedTargets()
  for (const group of groups)
    for (const found of await inspectGroup(group, installed, seen))
      inspections.push({ files: group.map(({ file }) => file), found })
  return inspections
}

/** What a group is, or what each of its parts is. */
async function inspectGroup(
  group: readonly ByteSource[],
  installed: readonly AdapterTarget[],
  seen: AdapterTarget[],
): Promise<Found[]> {
  try {
    const parts = await partsOf(group)
    return await Promise.all(
      (parts.length > 0 ? parts : [null]).map((part) => inspectPart(group, part, installed, seen)),
    )
  } catch (error) {
    return [{ ok: false, problem: problemOf(error) }]
  }
}

async function inspectPart(
  group: readonly ByteSource[],
  part: NetworkFamily | null,
  installed: readonly AdapterTarget[],
  seen: AdapterTarget[],
): Promise<Found> {
  try {
    const found = await identify(group, { part, targets: [...installed, ...seen] })
    const target = found.kind === 'network' ? targetOf(found, found.layout.tensors) : null
    if (target) seen.push(target)
    const packBytes: Partial<Record<Precision, number>> = {}
    const precisions = found.kind === 'network' ? NETWORKS[found.family].precisions : (['f16'] as const)
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
        family: found.family as ImportedFamily,
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
        notes: found.notes,
        question: found.question,
      },
    }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}
