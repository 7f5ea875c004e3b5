/** Which adapters DreamO's two versions run with, how strongly, and their sampling defaults (specs: DreamO §6, §7). */
import { fail } from '@/base/errors'
import type { LoraRole } from '@/schema/pack'

export type DreamoVersion = 'v1' | 'v1.1'

export interface PresetAdapter {
  role: LoraRole
  weight: number
}

export interface DreamoPreset {
  /** All are needed; `TURBO` may join. */
  adapters: readonly PresetAdapter[]
  guidance: number
  /** Steps with and without turbo. */
  steps: { turbo: number; plain: number }
}

export const TURBO: PresetAdapter = { role: 'turbo', weight: 1 }

const COMMON: readonly PresetAdapter[] = [
  { role: 'dreamo', weight: 1 },
  { role: 'dreamo-cfg-distill', weight: 1 },
]
const STEPS = { turbo: 12, plain: 25 }

export const DREAMO_PRESETS: Record<DreamoVersion, DreamoPreset> = {
  v1: {
    adapters: [
      ...COMMON,
      { role: 'dreamo-quality-pos', weight: 0.15 },
      { role: 'dreamo-quality-neg', weight: -0.8 },
    ],
    guidance: 3.5,
    steps: STEPS,
  },
  'v1.1': {
    adapters: [...COMMON, { role: 'dreamo-sft', weight: 1 }, { role: 'dreamo-dpo', weight: 1.25 }],
    guidance: 4.5,
    steps: STEPS,
  },
}

/** The roles of a version's adapters that are not installed, in the preset's order. */
export function missingRoles(version: DreamoVersion, installed: Iterable<LoraRole>): LoraRole[] {
  const have = new Set(installed)
  return DREAMO_PRESETS[version].adapters.map(({ role }) => role).filter((role) => !have.has(role))
}

/** The newer of the versions whose adapters are all installed; null where neither is. */
export function bestVersion(installed: Iterable<LoraRole>): DreamoVersion | null {
  const have = [...installed]
  return (['v1.1', 'v1'] as const).find((version) => missingRoles(version, have).length === 0) ?? null
}

/**
 * A version's adapters with their weights and defaults for what is installed; turbo joins where it is there and wanted.
 * @throws missing-asset naming the roles that are not installed
 */
export function dreamoStack(
  version: DreamoVersion,
  installed: Iterable<LoraRole>,
  turbo = true,
): { adapters: PresetAdapter[]; steps: number; guidance: number } {
  const have = new Set(installed)
  const missing = missingRoles(version, have)
  if (missing.length > 0)
    fail(
      'missing-asset',
      `DreamO ${version} needs adapters that are not installed.`,
      'Import them in the model manager.',
      missing.join(', '),
    )
  const { adapters, steps, guidance } = DREAMO_PRESETS[version]
  const fast = turbo && have.has('turbo')
  return {
    adapters: fast ? [...adapters, TURBO] : [...adapters],
    steps: fast ? steps.turbo : steps.plain,
    guidance,
  }
}
